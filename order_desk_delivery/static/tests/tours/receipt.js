import { registry } from "@web/core/registry";
import {
    fits,
    largeEnough,
    press,
    see,
    type,
    upload,
} from "@order_desk/../tests/tours/steps";

const LINE = ".o_order_desk_receipt_line:contains(Test pump)";
const SIGN = ".o_order_desk_receipt_form button[type=submit]:enabled";
const PIXEL =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

function draw() {
    const { left, top } = this.anchor.getBoundingClientRect();
    const move = (kind, x, y) =>
        (kind === "pointerdown" ? this.anchor : window).dispatchEvent(
            new PointerEvent(kind, {
                bubbles: true,
                buttons: kind === "pointerup" ? 0 : 1,
                clientX: left + x,
                clientY: top + y,
                isPrimary: true,
                pointerId: 1,
                pressure: 0.5,
            })
        );
    move("pointerdown", 20, 60);
    move("pointermove", 80, 20);
    move("pointermove", 140, 90);
    move("pointerup", 140, 90);
}

/** The receiver counts, takes a photo, loads the page again, and signs. */
registry.category("web_tour.tours").add("order_desk_receiver_signs", {
    steps: () => [
        fits("The page", `${LINE}:contains(10 Units)`),
        largeEnough("The page", ".o_order_desk_receipt_form .btn"),
        see(
            "All is good unless they say otherwise",
            `${LINE} input[value=good]:checked`
        ),
        press("Not all good", `${LINE} .btn-outline-danger`),
        type("Too many", `${LINE} [data-entry=received]`, "12"),
        see(
            "It is asked about",
            `${LINE} .o_order_desk_more:contains(Has more arrived)`
        ),
        type("Corrected", `${LINE} [data-entry=received]`, "9"),
        see("Nothing is asked", `${LINE}:not(:has(.o_order_desk_more:visible))`),
        type("One is damaged", `${LINE} [data-entry=damaged]`, "1"),
        type("What is wrong", `${LINE} [data-entry=note]`, "Box was wet"),
        {
            ...upload("A photo", LINE, "damage.png", PIXEL),
            trigger: `${LINE} input[data-photos]`,
        },
        see("It is on the server", `${LINE} .o_order_desk_photo[data-photo]`),
        type("Remarks", "textarea[name=remark]", "Left at gate 2"),
        fits("What was entered", LINE),
        press("Sign without name and signature", SIGN),
        see(
            "Both are asked for",
            ".o_order_desk_receipt_error:contains(name):contains(finger)"
        ),
        type("The name", "input[name=name]", "Ms Wang"),
        { content: "Draw", trigger: "canvas.o_order_desk_pad", run: draw },
        {
            content: "The phone loads the page again",
            trigger: "canvas.o_order_desk_pad",
            run: () => location.reload(),
            expectUnloadPage: true,
        },
        see("The number is still there", `${LINE} [data-entry=received]:value(9)`),
        see("So is the note", `${LINE} [data-entry=note]:value(Box was wet)`),
        see("And the photo", `${LINE} .o_order_desk_photo[data-photo] img`),
        see("And the remarks", "textarea[name=remark]:value(Left at gate 2)"),
        see("And the name", "input[name=name]:value(Ms Wang)"),
        {
            content: "Sign",
            trigger: SIGN,
            run: "click",
            expectUnloadPage: true,
        },
        see("It is signed", ".alert-success:contains(was signed by Ms Wang)"),
        fits(
            "The summary",
            ".list-group-item:contains(9 Units):contains(1 Units missing)"
        ),
        see("Nothing can be signed any more", ".o_order_desk_receipt:not(:has(form))"),
    ],
});
