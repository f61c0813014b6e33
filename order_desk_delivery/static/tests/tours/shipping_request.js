import { registry } from "@web/core/registry";
import { NO_DIALOG, press, see, type } from "@order_desk/../tests/tours/steps";

const tours = registry.category("web_tour.tours");
const CHECKS = ".o_field_widget[name=check_ids] .o_data_row";
const ISSUE = ".o_statusbar_buttons button[name=action_issue]";

function tick(title) {
    const row = `${CHECKS}:contains(${title})`;
    return [
        press(`Look at ${title}`, `${row} button[name=action_look]`),
        see(`${title} is right`, `${row} button[name=action_unlook]`),
    ];
}

/** The sales admin prepares a request, looks at it a second time and issues it. */
tours.add("order_desk_issue_shipping_request", {
    steps: () => [
        see("What is ready", ".o_data_row:contains(Test pump)"),
        press(
            "The order",
            ".o_data_row:contains(Test pump) .o_list_record_selector input"
        ),
        press("Prepare", ".o_control_panel button[name=action_prepare_shipping]"),
        see("It is prepared", ".o_arrow_button_current:contains(Prepared)"),
        type("Who takes it in", ".o_field_widget[name=contact] input", "Ms Lin"),
        ...tick("Ship-to Address"),
        ...tick("Receiver"),
        ...tick("Contact"),
        see("The new contact", `${CHECKS}:contains(Ms Lin)`),
        ...tick("Phone"),
        ...tick("Test pump"),
        ...tick("Service Level"),
        ...tick("Carrier"),
        ...tick("Freight Paid by"),
        press("Issue it", ISSUE),
        see("It is issued", `${NO_DIALOG} .o_arrow_button_current:contains(Issued)`),
        see("It has a number", ".oe_title:contains(SR)"),
    ],
});
