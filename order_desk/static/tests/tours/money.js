import { registry } from "@web/core/registry";

const CONDITION = ".o_order_desk_condition[data-code=balance]";

/** The shipper sees that the balance is missing, tries anyway and is told why not. */
registry.category("web_tour.tours").add("order_desk_shipper_waits", {
    steps: () => [
        {
            content: "The balance has not arrived",
            trigger: `${CONDITION} .fa-circle-o`,
        },
        {
            content: "Try to ship",
            trigger: "button[name=button_validate]",
            run: "click",
        },
        {
            content: "The message names the condition",
            trigger: ".modal .o_error_dialog, .modal:contains(Balance of what ships)",
        },
        {
            content: "Close it",
            trigger: ".modal footer button, .modal .btn-close",
            run: "click",
        },
        {
            content: "Nothing has left",
            trigger: ".o_form_view .o_arrow_button_current:contains(Ready)",
        },
    ],
});

/** The accountant finds the order in Invoicing and registers the payment. */
registry.category("web_tour.tours").add("order_desk_accountant_registers", {
    steps: () => [
        {
            content: "Open the invoice of the order that waits",
            trigger:
                ".o_data_row:contains(Test customer) button[name=action_view_money_invoices]",
            run: "click",
        },
        {
            content: "The one that is not paid",
            trigger:
                ".o_data_row:contains(700.00) td[name=invoice_partner_display_name]",
            run: "click",
        },
        {
            content: "Register the payment",
            trigger: "button[name=action_register_payment]",
            run: "click",
        },
        {
            content: "As proposed",
            trigger: ".modal button[name=action_create_payments]",
            run: "click",
        },
        {
            content: "The invoice is paid",
            trigger: ".o_form_view .ribbon:contains(Paid)",
        },
    ],
});

/** The shipper's gate has opened by itself: the goods leave. */
registry.category("web_tour.tours").add("order_desk_shipper_ships", {
    steps: () => [
        {
            content: "The balance has arrived",
            trigger: `${CONDITION} .fa-check-circle`,
        },
        {
            content: "Ship",
            trigger: "button[name=button_validate]",
            run: "click",
        },
        {
            content: "It has left",
            trigger: ".o_form_view .o_arrow_button_current:contains(Done)",
        },
    ],
});
