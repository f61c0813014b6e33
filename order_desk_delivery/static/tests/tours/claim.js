import { registry } from "@web/core/registry";
import { NO_DIALOG, press, see, type } from "@order_desk/../tests/tours/steps";

const tours = registry.category("web_tour.tours");
const OUTCOMES = ".o_notebook_headers a:contains(What Is Done)";
const FIRST = ".o_field_widget[name=outcome_ids] .o_data_row:contains(Return)";

/** Customer service takes a call down, answers, and has the goods sent back. */
tours.add("order_desk_claim_with_return", {
    steps: () => [
        press("A new claim", ".o_control_panel_main_buttons button:contains(New)"),
        type("What is wrong", ".o_field_widget[name=name] textarea", "Two leak"),
        type("The order", ".o_field_widget[name=sheet_id] input", "Test customer"),
        press(
            "Choose it",
            ".o-autocomplete--dropdown-item:contains(Test customer):first"
        ),
        press("Goods", ".o_field_x2many_list_row_add a"),
        press("Which", ".o_data_row .o_field_widget[name=sale_line_id] input"),
        press("The pump", ".o-autocomplete--dropdown-item:contains(Test pump)"),
        type("How many", ".o_data_row .o_field_widget[name=quantity] input", "2"),
        press("Keep it", ".o_form_button_save"),
        see("It has a number", ".o_field_widget[name=number]:contains(CL)"),
        press("Take it", ".o_statusbar_buttons button[name=action_take]"),
        press("Answer", ".o_statusbar_buttons .btn-primary[name=action_open_answer]"),
        type("In words", ".modal [name=text] textarea", "We take them back."),
        press("Send", ".modal footer .btn-primary:contains(Send)"),
        press(
            "Decide",
            `${NO_DIALOG} .o_statusbar_buttons .btn-primary[name=action_open_decide]`
        ),
        press("They come back", ".modal .o_radio_item:contains(Return) input"),
        see("Who makes it", ".modal .alert:contains(Test shipper)"),
        see("How many", ".modal .o_data_row:contains(Test pump)"),
        press("Decided", ".modal footer .btn-primary"),
        press(
            "Settle",
            `${NO_DIALOG} .o_statusbar_buttons .btn-primary[name=action_open_settle]`
        ),
        press("Tell the customer", ".modal footer .btn-primary:contains(Settle)"),
        see("Settled", `${NO_DIALOG} .o_arrow_button_current:contains(Settled)`),
    ],
});

/** The shipper makes the return that customer service has asked for. */
tours.add("order_desk_claim_make_return", {
    steps: () => [
        press("What is done", OUTCOMES),
        press("Make the return", `${FIRST} button[name=action_make]`),
        see("Odoo's transfer", ".o_form_view:contains(WH/IN)"),
    ],
});
