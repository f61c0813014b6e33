import { registry } from "@web/core/registry";

/** The customer reads the confirmation on the phone, draws a signature and confirms. */
registry.category("web_tour.tours").add("order_desk_customer_confirms", {
    steps: () => [
        {
            content: "The page fits the screen",
            trigger: ".o_order_desk_confirmation",
            run() {
                const page = document.documentElement;
                if (page.scrollWidth > page.clientWidth) {
                    throw new Error("The page scrolls sideways");
                }
            },
        },
        {
            content: "Give the name",
            trigger: "input[name=name]",
            run: "edit Ms Wang",
        },
        {
            content: "Say what is not right",
            trigger: "textarea[name=remarks]",
            run: "edit Blue paint, please",
        },
        {
            content: "Confirm without a signature",
            trigger: ".o_order_desk_confirm_form button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What is missing is named, what was typed is still there",
            trigger: ".alert-danger:contains(signature)",
        },
        {
            content: "The remarks survive",
            trigger: "textarea[name=remarks]:value(Blue paint, please)",
        },
        {
            content: "Draw the signature",
            trigger: ".o_order_desk_way_sign canvas.o_web_sign_signature",
            run() {
                const canvas = this.anchor;
                const { left, top } = canvas.getBoundingClientRect();
                const draw = (type, x, y) =>
                    (type === "pointerdown" ? canvas : window).dispatchEvent(
                        new PointerEvent(type, {
                            bubbles: true,
                            buttons: type === "pointerup" ? 0 : 1,
                            clientX: left + x,
                            clientY: top + y,
                            isPrimary: true,
                            pointerId: 1,
                            pressure: 0.5,
                        })
                    );
                draw("pointerdown", 20, 40);
                draw("pointermove", 60, 20);
                draw("pointermove", 120, 60);
                draw("pointerup", 120, 60);
            },
        },
        {
            content: "The drawing is in the form",
            trigger: "input[name=signature]:hidden:value(data:image/png)",
        },
        {
            content: "Confirm",
            trigger: ".o_order_desk_confirm_form button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is confirmed",
            trigger: ".alert-success:contains(Ms Wang)",
        },
    ],
});

/** The clerk proof-reads the confirmation, prints it and notes its clear receipt. */
registry.category("web_tour.tours").add("order_desk_clerk_sends", {
    steps: () => [
        {
            content: "Send the confirmation",
            trigger: "button[name=action_send_confirmation]",
            run: "click",
        },
        {
            content: "Look at the first line",
            trigger: "[name=line_ids] .o_data_row:first [name=is_read] input",
            run: "click",
        },
        {
            content: "One line is left",
            trigger: ".alert [name=unread_count]:contains(1)",
        },
        {
            content: "Send too early",
            trigger: "button[name=action_send]:contains(Send by E-mail)",
            run: "click",
        },
        {
            content: "The message names the line",
            trigger: ".modal-body:contains(Test pump)",
        },
        {
            content: "Close the message",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Mark the rest as read",
            trigger: "body:not(:has(.modal)) button[name=action_read_all]",
            run: "click",
        },
        {
            content: "Yes, they are compared",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Send by e-mail",
            trigger:
                "body:not(:has(.modal)) .o_form_view:not(:has([name=unread_count]:visible)) button[name=action_send]:contains(Send by E-mail)",
            run: "click",
        },
        {
            content: "It is sent",
            trigger: ".o_arrow_button_current[data-value=sent]",
        },
        {
            content: "The customer has received it clearly",
            trigger: "button[name=action_note_receipt]",
            run: "click",
        },
        {
            content: "The receipt is noted",
            trigger: "[name=received_clear_by_id]:contains(Test clerk)",
        },
    ],
});
