import { registry } from "@web/core/registry";
import { NO_DIALOG, press, see, type, upload } from "./steps";

// the smallest picture there is
const PNG =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const CHECKLIST = [
    "Signature or stamp",
    "All pages",
    "Products, quantities",
    "Remarks",
];
const step = (state) => `.o_arrow_button_current[data-value=${state}]`;

/** The clerk files what came back, verifies it and releases the order to production. */
registry.category("web_tour.tours").add("order_desk_file_verify_release", {
    steps: () => [
        press("File what came back", "button[name=action_open_return]"),
        type("Who signed", ".modal [name=name] input", "Ms Wang"),
        upload("The scan", ".modal [name=file_ids] input[type=file]", "scan.png", PNG),
        see("The scan is there", ".modal [name=file_ids] .o_attachment"),
        press("File it", ".modal button[name=action_file]"),
        see("It is back", `${NO_DIALOG} ${step("returned")}`),
        press("Verify", "button[name=action_verify_checked]"),
        see(
            "The checklist comes first",
            ".o_error_dialog:contains(Signature or stamp)"
        ),
        press("Close the message", ".o_error_dialog .modal-footer button"),
        ...CHECKLIST.map((content) =>
            press(
                `Look at: ${content}`,
                `[name=check_item_ids] label:contains(${content})`
            )
        ),
        press("Verify", "button[name=action_verify_checked]"),
        see("It is verified", step("verified")),
        press("To the sheet", "button[name=action_open_sheet]"),
        press("Release", "button[name=action_release]"),
        see("It is released", step("released")),
    ],
});
