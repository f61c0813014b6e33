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
const POINT = ".o_order_desk_points .o_kanban_record";
const DONE = ".o_order_desk_ticked";

/** Tick the first point that is open; `done` are ticked afterwards. */
function tick(done) {
    return [
        press(
            `Tick, then ${done} are ticked`,
            `${POINT} button[name=action_tick]:first`
        ),
        see(
            `${done} are ticked`,
            `.o_field_widget[name=progress_text]:contains(${done} of)`
        ),
    ];
}

/**
 * The production supervisor opens the instruction from the to-do, asks about what is
 * unclear, ticks each point, acknowledges, and starts the manufacturing order.
 */
tours.add("order_desk_acknowledge_on_tablet", {
    steps: () => [
        press("The to-dos", ".o_menu_systray button:has(.fa-clock-o)"),
        press(
            "Production instructions",
            ".o-mail-ActivityGroup:contains(Production Instruction)"
        ),
        press("The instruction", ".o_data_row:contains(K-1) .o_data_cell[name=name]"),
        see("It names the customer's code", "h1:contains(K-1)"),
        fits("The instruction", `${POINT}:contains(Test pump)`),
        largeEnough("The points", `${POINT} button`),
        see("Not yet", ".o_order_desk_not_yet"),
        press(
            "The labels are unclear",
            `${POINT}:contains(Labels) button[name=action_open_ask]`
        ),
        type("Ask", ".modal [name=question] textarea", "Which language?"),
        press("Send it", ".modal button[name=action_ask]"),
        see(
            "The point waits",
            `${NO_DIALOG} ${POINT}:contains(Which language):not(:has([name=action_tick]))`
        ),
        ...tick(1),
        ...tick(2),
        ...tick(3),
        see("Still not yet", ".o_order_desk_not_yet"),
    ],
});

tours.add("order_desk_acknowledge_and_start", {
    steps: () => [
        see("The answer is there", `${POINT}:contains(Chinese)`),
        ...tick(4),
        see("All are ticked", `${POINT} ${DONE}:eq(3)`),
        largeEnough("The button", "button[name=action_acknowledge]"),
        press("Acknowledge", "button[name=action_acknowledge]"),
        see(
            "It is acknowledged",
            ".o_arrow_button_current:contains(Acknowledged), .o_statusbar_status:contains(Acknowledged)"
        ),
        press("To the manufacturing orders", "button[name=action_view_productions]"),
        press("The pumps", ".o_data_row:contains(Test pump) .o_data_cell[name=name]"),
        press("The work orders", ".nav-link:contains(Work Orders)"),
        press("Start", ".o_field_widget[name=workorder_ids] button[name=button_start]"),
        see(
            "It is running",
            ".o_field_widget[name=workorder_ids] button[name=button_pending]"
        ),
    ],
});
