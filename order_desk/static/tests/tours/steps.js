import { browser } from "@web/core/browser/browser";

const TOUCH_SIZE = 40; // pixels that a thumb needs

let taps = 0;

function countTap() {
    taps += 1;
}

/** A step that clicks or taps. */
export function press(content, trigger) {
    return { content, trigger, run: "click" };
}

/** A step that waits until something shows. */
export function see(content, trigger) {
    return { content, trigger };
}

/** Type into a text field; on a phone that takes a tap into the field first. */
export function type(content, trigger, text) {
    return { content, trigger, run: `edit ${text}` };
}

/** Count the taps from here on, whatever it is that is tapped. */
export function countTaps(content, trigger) {
    return {
        content,
        trigger,
        run() {
            taps = 0;
            document.addEventListener("pointerdown", countTap, { capture: true });
        },
    };
}

/** Fail if it took more taps to come here. */
export function tookTaps(content, trigger, atMost) {
    return {
        content,
        trigger,
        run() {
            document.removeEventListener("pointerdown", countTap, { capture: true });
            browser.console.log(`${content}: ${taps} taps`);
            if (!taps || taps > atMost) {
                throw new Error(`${content}: ${taps} taps, at most ${atMost} allowed`);
            }
        },
    };
}

/** Fail if the page, or what scrolls in it, is wider than the screen. */
export function fits(content, trigger) {
    return {
        content: `${content}: nothing scrolls sideways`,
        trigger,
        run() {
            const scrolling = ".o_content, .o_form_view_container, .modal-body";
            for (const element of [
                document.documentElement,
                ...document.querySelectorAll(scrolling),
            ]) {
                const width = Math.min(element.clientWidth, window.innerWidth);
                if (element.scrollWidth > width) {
                    const name = element.className || element.tagName;
                    throw new Error(`${name}: ${element.scrollWidth} > ${width} px`);
                }
            }
        },
    };
}

/** Fail if a button is too small for a thumb. */
export function largeEnough(content, trigger) {
    return {
        content: `${content}: buttons are large enough`,
        trigger,
        run() {
            for (const button of document.querySelectorAll(trigger)) {
                const { height, width } = button.getBoundingClientRect();
                if (width && height < TOUCH_SIZE) {
                    throw new Error(
                        `${button.innerText}: ${Math.round(height)} px high`
                    );
                }
            }
        },
    };
}

/** Open the app from wherever one is, on a phone. */
export function openApp() {
    return [
        press("Open the menu", ".o_main_navbar .o_menu_toggle"),
        press("All apps", ".o_app_menu_sidebar .o_sidebar_topbar a.btn-primary"),
        press(
            "The order desk",
            ".o_app_menu_sidebar .o_app[data-menu-xmlid='order_desk.order_desk_menu_root']"
        ),
    ];
}

/** What is the selector of a button on the card of a sheet? */
export function onCard(button) {
    return `.o_order_desk_to_sign .o_kanban_record:contains(Test customer) ${button}`;
}

export const CONFIRM = ".modal .o_order_desk_confirm";
export const SIGNED = ".o_notification:contains(Signed)";
export const NO_DIALOG = "body:not(:has(.modal))";

/** Choose a file in an upload field. */
export function upload(content, trigger, name, base64) {
    return {
        content,
        trigger: `${trigger}:not(:visible)`,
        run() {
            const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
            const files = new DataTransfer();
            files.items.add(new File([bytes], name, { type: "image/png" }));
            this.anchor.files = files.files;
            this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
        },
    };
}
