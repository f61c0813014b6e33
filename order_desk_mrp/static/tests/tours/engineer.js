import { fits, press, see, type, upload } from "@order_desk/../tests/tours/steps";
import { registry } from "@web/core/registry";

// the smallest picture there is
const PICTURE =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA" +
    "AABJRU5ErkJggg==";

/** The engineer answers with a bill of materials of its own and sends a drawing. */
registry.category("web_tour.tours").add("order_desk_engineer", {
    steps: () => [
        press("Open the question", ".o_data_row td:contains(Test pump)"),
        see("What is asked", "[name=special_requirement]:contains(Ceramic shaft)"),
        press("A bill of materials for it", "button[name=action_make_bom]"),
        see("It says what it is for", ".alert-info:contains(Made for one order line)"),
        press("Back to the question", ".o_breadcrumb .o_back_button"),
        see("It is chosen", "[name=answer] input[data-value=changed]:checked"),
        type("The process", "[name=process] textarea", "Sinter the shaft twice"),
        press("Give the answer", "button[name=action_answer]"),
        see("It is answered", ".o_arrow_button_current:contains(Answered)"),
        press("Draw", "button[name=action_add_drawing]"),
        type("What is drawn", "[name=name] input", "Shaft"),
        upload("The file", "[name=file] input[type=file]", "shaft.png", PICTURE),
        see("It is there", "[name=file]:contains(shaft.png), [name=file] input"),
        press("Send it", "button[name=action_send]:contains(Send to Customer)"),
        see("It is sent", ".o_arrow_button_current:contains(With the Customer)"),
    ],
});

/** The customer looks at the drawing and approves it. */
registry.category("web_tour.tours").add("order_desk_customer_approves", {
    steps: () => [
        see("The drawing is on the page", "img[alt*='Shaft, version 1']"),
        fits("The page", "#order_desk_approve_name"),
        type("Name", "#order_desk_approve_name", "Ms Li"),
        {
            ...press("Approve", "button:contains(Approve the drawing)"),
            expectUnloadPage: true,
        },
        see("It is approved", ".alert-success:contains(was approved by Ms Li)"),
    ],
});
