import { registry } from "@web/core/registry";
import { fits, press, see, type } from "./steps";

/** The customer answers a question about the order. */
registry.category("web_tour.tours").add("order_desk_customer_answers", {
    steps: () => [
        see("The question is on the page", "h3:contains(Which plug)"),
        fits("The page", "textarea[name=answer]"),
        type("Answer", "textarea[name=answer]", "EU, three phases"),
        {
            ...press("Send", "form:has(textarea[name=answer]) button[type=submit]"),
            expectUnloadPage: true,
        },
        see("It has arrived", ".alert-success:contains(EU, three phases)"),
    ],
});
