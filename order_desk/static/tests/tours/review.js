import { registry } from "@web/core/registry";
import { CONFIRM, SIGNED, onCard, press, see } from "./steps";

const item = (content) => `.modal [name=check_item_ids] label:contains(${content})`;

/** A second clerk goes through the checklist, forgets one thing and is told. */
registry.category("web_tour.tours").add("order_desk_second_look", {
    steps: () => [
        press("Check", onCard("[name=action_open_sign]:contains(Check)")),
        ...[
            "Customer, contact",
            "Products, models",
            "Configuration, packaging",
            "Prices, discounts",
            "Delivery date",
        ].map((content) => press(`Look at: ${content}`, item(content))),
        press("Checked", CONFIRM),
        see("What was forgotten is named", ".o_error_dialog:contains(order form)"),
        press("Close the message", ".o_error_dialog .modal-footer button"),
        press("Look at the order form", item("order form")),
        press("Checked", CONFIRM),
        see("It is checked", SIGNED),
    ],
});
