import { registry } from "@web/core/registry";

/**
 * A clerk hands a quotation to the order desk, is told what is missing, fills in
 * the line, asks what is unclear and submits the sheet.
 */
registry.category("web_tour.tours").add("order_desk_hand_over", {
    steps: () => [
        {
            content: "Hand the quotation to the order desk",
            trigger: "button[name=action_make_sheet]",
            run: "click",
        },
        {
            content: "The sheet says what is missing",
            trigger:
                ".o_order_desk_condition[data-code=complete] .o_order_desk_missing:contains(Plug)",
        },
        {
            content: "Submit too early",
            trigger: "button[name=action_submit]",
            run: "click",
        },
        {
            content: "The message names the open question",
            trigger: ".modal-body:contains(Plug)",
        },
        {
            content: "Close the message",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Follow the link to what is missing",
            trigger:
                "body:not(:has(.modal)) .o_order_desk_missing button:contains(Plug)",
            run: "click",
        },
        {
            content: "Answer the question",
            trigger: ".modal .o_property_field_value input[type=text]",
            run: "edit EU && press Tab",
        },
        {
            content: "Close the line",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "The answer shows",
            trigger: ".o_field_widget[name=order_line] .o_data_row:contains(Plug: EU)",
        },
        {
            content: "Ask what is unclear",
            trigger: "body:not(:has(.modal)) button[name=action_open_ask]",
            run: "click",
        },
        {
            content: "The question",
            trigger: ".modal [name=name] input",
            run: "edit Which voltage?",
        },
        {
            content: "The salesperson should know",
            trigger: ".modal [name=asked_of] label:contains(Salesperson)",
            run: "click",
        },
        {
            content: "Ask",
            trigger: ".modal-footer button:contains(Ask)",
            run: "click",
        },
        {
            content: "The sheet waits for the answer",
            trigger:
                "body:not(:has(.modal)) .o_order_desk_missing:contains(Which voltage?)",
        },
        {
            content: "Look at the questions",
            trigger: ".o_notebook_headers a[name=clarifications]",
            run: "click",
        },
        {
            content: "Record the answer",
            trigger: "[name=clarification_ids] button[name=action_open_reply]",
            run: "click",
        },
        {
            content: "What the salesperson said",
            trigger: ".modal [name=text] textarea",
            run: "edit 400 V",
        },
        {
            content: "Save the answer",
            trigger: ".modal-footer button[name=action_apply]:contains(Save)",
            run: "click",
        },
        {
            content: "It stands on the sheet",
            trigger: "body:not(:has(.modal)) [name=clarification_ids]:contains(400 V)",
        },
        {
            content: "Submit",
            trigger: "body:not(:has(.modal)) button[name=action_submit]",
            run: "click",
        },
        {
            content: "The sheet is in review",
            trigger: ".o_arrow_button_current[data-value=review]",
        },
    ],
});

/** The administrator defines a question on a product category. */
registry.category("web_tour.tours").add("order_desk_define_question", {
    steps: () => [
        {
            content: "Add a question",
            trigger:
                ".o_field_widget[name=configuration_preview] .o_field_property_add button",
            run: "click",
        },
        {
            content: "Name it",
            trigger:
                ".o_field_property_definition_header input, .o_field_property_definition_header",
            run: "edit Voltage && press Enter",
        },
        {
            content: "Close the definition",
            trigger: ".o_form_view .oe_title",
            run: "click",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is saved",
            trigger: ".o_form_status_indicator_buttons.invisible:not(:visible)",
        },
    ],
});
