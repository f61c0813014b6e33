import { registry } from "@web/core/registry";
import { fits, largeEnough, press, see, type } from "@order_desk/../tests/tours/steps";

const tours = registry.category("web_tour.tours");
const POINTS = ".o_field_widget[name=point_ids] .o_kanban_record";
const BAR = ".o_order_desk_thumb_bar";

function confirm(title) {
    const point = `${POINTS}:contains(${title})`;
    return [
        press(`Confirm: ${title}`, `${point} button[name=action_confirm]`),
        see("It is confirmed", `${point} button[name=action_unconfirm]`),
    ];
}

/** A shipper is briefed, and after the goods have left writes the advice. */
tours.add("order_desk_brief_on_phone", {
    steps: () => [
        fits("The cards", ".o_kanban_record:contains(Test customer)"),
        press("The request", ".o_kanban_record:contains(Test customer)"),
        fits("The briefing", `${POINTS}:contains(Ship to)`),
        largeEnough("The points", `${POINTS} .btn`),
        see("Nothing to write yet", `${BAR}:contains(Confirm every point)`),
        ...confirm("Ship to"),
        ...confirm("Receiver"),
        ...confirm("Carrier"),
        ...confirm("Test pump"),
        press("To the transfer", `${BAR} button:contains(Go to the Transfer)`),
        see("The transfer", ".o_form_view button[name=button_validate]"),
    ],
});

tours.add("order_desk_advise_on_phone", {
    steps: () => [
        press("What has left", ".o_kanban_record:contains(Left, no advice yet)"),
        press("Write the advice", `${BAR} button[name=action_make_advice]`),
        fits("The advice", "[name=vehicle] input"),
        type("The vehicle", "[name=vehicle] input", "ZJ-A 12345"),
        type("The driver", "[name=driver] input", "Mr Zhou"),
        type("Their number", "[name=driver_phone] input", "+86 138 0000 0000"),
        type("The packages", "[name=package_count] input", "3"),
        press(
            "The arrival",
            "[name=expected_arrival] input, [name=expected_arrival] button"
        ),
        press("Next month", ".o_datetime_picker .o_next"),
        press(
            "The 15th",
            ".o_datetime_picker .o_date_item_cell:not(.o_out_of_range):text(15)"
        ),
        press("Hand it in", `${BAR} button[name=action_submit]`),
        see(
            "It is with the sales admin",
            ".o_form_view:not(:has(button[name=action_submit]))"
        ),
    ],
});

/** The sales admin looks at each field and sends the advice. */
tours.add("order_desk_check_advice", {
    steps: () => [
        press("The advice", ".o_data_row:contains(Test customer) td[name=partner_id]"),
        press("What agrees", "button[name=action_check_agreeing]"),
        press(
            "The goods differ from the request: looked at",
            "[name=check_ids] .o_data_row:contains(Goods) button[name=action_confirm]"
        ),
        press("Told by phone", "button[name=action_send]:contains(Phone)"),
        press("It was received", "button[name=action_open_receipt]"),
        type("By whom", ".modal [name=name] input", "Ms Lin"),
        press("Note it", ".modal footer .btn-primary"),
        see("It is noted", "[name=received_clear_name]:contains(Ms Lin)"),
    ],
});
