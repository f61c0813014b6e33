import { registry } from "@web/core/registry";
import {
    NO_DIALOG,
    fits,
    largeEnough,
    press,
    see,
    type,
} from "@order_desk/../tests/tours/steps";

const tours = registry.category("web_tour.tours");
const POINTS = ".o_field_widget[name=point_ids] .o_kanban_record";
const PAINT = `${POINTS}:contains(Paint)`;
const LENGTH = `${POINTS}:contains(Shaft length)`;

/** An inspector passes the goods in the workshop, with a thumb. */
tours.add("order_desk_inspect_on_phone", {
    steps: () => [
        fits("The cards", ".o_kanban_record:contains(Test pump)"),
        press("The first card", ".o_kanban_record:contains(Test pump)"),
        fits("The inspection", PAINT),
        largeEnough("The buttons", `${POINTS} .btn`),
        press("The paint is in order", `${PAINT} button[name=action_pass]`),
        see("It shows", `${PAINT} .btn-success`),
        press("The length", `${LENGTH} button[name=action_open]:contains(Enter)`),
        fits("The dialog", ".modal [name=measured]"),
        type("The value", ".modal [name=measured] input", "11,5"),
        press("Keep it", ".modal footer .btn-primary"),
        see("It is within the limits", `${NO_DIALOG} ${LENGTH} .btn-success`),
        press("Decide", ".o_form_sheet button.btn-lg[name=action_decide]"),
        see(
            "It has passed",
            ".o_form_view:not(:has(.o_form_sheet button[name=action_decide]))"
        ),
    ],
});

/** Some pieces fail: the remark is asked for at once. */
tours.add("order_desk_fail_on_phone", {
    steps: () => [
        press("The first card", ".o_kanban_record:contains(Test pump)"),
        press("The paint is not in order", `${PAINT} button[name=action_fail]`),
        type("What is wrong", ".modal [name=remark] textarea", "Scratched"),
        press("Keep it", ".modal footer .btn-primary"),
        see("It shows", `${NO_DIALOG} ${PAINT} .btn-danger`),
        press("The length", `${LENGTH} button[name=action_open]:contains(Enter)`),
        type("The value", ".modal [name=measured] input", "11"),
        press("Keep it", ".modal footer .btn-primary"),
        see("It is within the limits", `${NO_DIALOG} ${LENGTH} .btn-success`),
        type("Two failed", "[name=quantity_failed] input", "2"),
        press("Decide", ".o_form_sheet button.btn-lg[name=action_decide]"),
        see(
            "It is decided",
            ".o_form_view:not(:has(.o_form_sheet button[name=action_decide]))"
        ),
    ],
});
