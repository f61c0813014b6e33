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
const CARDS = ".o_kanban_record";
const FIRST = `${CARDS}:contains(T-1)`;
const SECOND = `${CARDS}:contains(T-2)`;

/** The sales admin asks the driver, and taps what was heard. */
tours.add("order_desk_track_on_phone", {
    steps: () => [
        fits("The cards", FIRST),
        largeEnough("The answers", `${CARDS} footer .btn`),
        press("It is there", `${FIRST} button[name=action_arrived]`),
        see("The other one is left", `.o_kanban_view:not(:has(${FIRST})) ${SECOND}`),
        press("The other one is late", `${SECOND} button[name=action_open_delay]`),
        fits("The dialog", ".modal [name=new_date]"),
        type("Why", ".modal [name=reason] input", "Snow"),
        press("Keep it", ".modal footer .btn-primary"),
        see("Nobody has to look now", `${NO_DIALOG} .o_view_nocontent`),
    ],
});
