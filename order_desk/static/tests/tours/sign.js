import { registry } from "@web/core/registry";
import {
    CONFIRM,
    NO_DIALOG,
    SIGNED,
    countTaps,
    fits,
    largeEnough,
    onCard,
    openApp,
    press,
    see,
    tookTaps,
    type,
} from "./steps";

const tours = registry.category("web_tour.tours");

/** A manager opens the app, reads the card and signs in two taps. */
tours.add("order_desk_sign_on_phone", {
    steps: () => [
        ...openApp(),
        see("To Sign comes first", ".o_breadcrumb:contains(To Sign)"),
        see("The card says what is unusual", onCard("[data-code=non_standard]")),
        fits("The cards", onCard("")),
        largeEnough("The cards", ".o_order_desk_to_sign footer button"),
        countTaps("The card is there", onCard("[name=action_open_sign]")),
        press("Sign", onCard("[name=action_open_sign]")),
        see("The dialog says it once more", ".modal [data-code=non_standard]"),
        fits("The dialog", CONFIRM),
        largeEnough("The dialog", ".modal-footer button"),
        press("Confirm", CONFIRM),
        tookTaps("From the card to signed", SIGNED, 2),
        see("The card is gone", `${NO_DIALOG} .o_view_nocontent`),
    ],
});

/** The link of a notification leads to the sheet itself; it fits a phone, too. */
tours.add("order_desk_sign_on_sheet", {
    steps: () => [
        see("The sheet opens", ".o_form_view button[name=action_open_sign]"),
        fits("The sheet", ".o_form_view .o_order_desk_conditions"),
        largeEnough("The sheet", ".o_form_view .o_statusbar_buttons button"),
        press("Sign", ".o_form_view button[name=action_open_sign]"),
        fits("The dialog", CONFIRM),
        press("Confirm", CONFIRM),
        see("It is signed", SIGNED),
        see(
            "There is nothing more to sign",
            `${NO_DIALOG}:not(:has([name=action_open_sign]))`
        ),
    ],
});

/** Refuse with a reason: three taps, one of them into the field, and typing. */
tours.add("order_desk_refuse_on_phone", {
    steps: () => [
        countTaps("The card is there", onCard("[name=action_open_refuse]")),
        press("Refuse", onCard("[name=action_open_refuse]")),
        fits("The dialog", CONFIRM),
        largeEnough("The dialog", ".modal-footer button"),
        type("Say why", ".modal [name=note] textarea", "The shaft is too long"),
        press("Confirm", CONFIRM),
        tookTaps(
            "From the card to refused",
            ".o_notification:contains(goes back to the salesperson)",
            3
        ),
        see("The card is gone", `${NO_DIALOG} .o_view_nocontent`),
    ],
});

/** Refuse without a reason: one is told, and nothing is lost. */
tours.add("order_desk_refuse_without_reason", {
    steps: () => [
        press("Refuse", onCard("[name=action_open_refuse]")),
        press("Confirm without a reason", CONFIRM),
        see("One is told", ".o_error_dialog:contains(Say why you refuse)"),
        press("Close the message", ".o_error_dialog .modal-footer button"),
        type("Say why", ".modal [name=note] textarea", "The shaft is too long"),
        press("Confirm", CONFIRM),
        see("The card is gone", `${NO_DIALOG} .o_view_nocontent`),
    ],
});

/** The production manager gives the finish date with the date picker. */
tours.add("order_desk_sign_with_date", {
    steps: () => [
        press("Sign", onCard("[name=action_open_sign]")),
        press("Confirm without a date", CONFIRM),
        see("One is told", ".o_error_dialog:contains(Finish date)"),
        press("Close the message", ".o_error_dialog .modal-footer button"),
        press(
            "Open the calendar",
            ".modal [name=statement_date] button, .modal [name=statement_date] input"
        ),
        press("Next month", ".o_datetime_picker .o_next"),
        press(
            "Pick the 15th",
            ".o_datetime_picker .o_date_item_cell:not(.o_out_of_range):text(15)"
        ),
        fits("The dialog", CONFIRM),
        press("Confirm", CONFIRM),
        see("It is signed", SIGNED),
    ],
});

/** Material control states in words what is there and what arrives when. */
tours.add("order_desk_sign_with_text", {
    steps: () => [
        press("Sign", onCard("[name=action_open_sign]")),
        see(
            "It is said what is to be stated",
            ".modal [name=statement_label]:contains(Material statement)"
        ),
        type("State it", ".modal [name=statement_text] input", "All on hand"),
        fits("The dialog", CONFIRM),
        press("Confirm", CONFIRM),
        see("It is signed", SIGNED),
    ],
});

/** The sales manager approves a price off the pricelist, knowing the reason. */
tours.add("order_desk_approve_price", {
    steps: () => [
        ...openApp(),
        see("The card marks the price", onCard("[data-code=off_list]")),
        see("The card gives the reason", onCard("span:contains(Frame contract)")),
        fits("The cards", onCard("")),
        countTaps("The card is there", onCard("[name=action_open_sign]")),
        press("Sign", onCard("[name=action_open_sign]")),
        see(
            "The dialog gives the reason",
            ".modal .o_order_desk_sign_sheets:contains(Frame contract)"
        ),
        press("Confirm", CONFIRM),
        tookTaps("From the card to approved", SIGNED, 2),
        see("The card is gone", `${NO_DIALOG} .o_view_nocontent`),
    ],
});

/** After a change the card, the sheet and the dialog tell what was and what is. */
tours.add("order_desk_sign_again", {
    steps: () => [
        see("The card says that something changed", onCard("[data-code=changed]")),
        press("Open the sheet", onCard("span:contains(S)")),
        see(
            "Old on the sheet",
            ".o_form_view .o_order_desk_change:contains(Quantity) del:contains(10)"
        ),
        see(
            "New on the sheet",
            ".o_form_view .o_order_desk_change:contains(Quantity) ins:contains(12)"
        ),
        fits("The sheet", ".o_form_view .o_order_desk_change"),
        press("Sign", ".o_form_view button[name=action_open_sign]"),
        see("Old in the dialog", ".modal .o_order_desk_change del:contains(10)"),
        see("New in the dialog", ".modal .o_order_desk_change ins:contains(12)"),
        press("Confirm", CONFIRM),
        see("It is signed", SIGNED),
        see("Nothing changed since", `${NO_DIALOG}:not(:has(.o_order_desk_change))`),
    ],
});

/** Sign many from the list: what is unusual comes first, then one button. */
tours.add("order_desk_sign_many", {
    steps: () => [
        press("As a list", ".o_switch_view.o_list"),
        press("Choose all", ".o_list_renderer thead .o_list_record_selector input"),
        press(
            "Open the actions",
            ".o_cp_action_menus .dropdown-toggle:contains(Actions)"
        ),
        press("Sign", ".o-dropdown--menu .o-dropdown-item:contains(Sign)"),
        see(
            "The unusual sheet comes first",
            ".modal .o_order_desk_sign_sheets .o_kanban_record:first [data-code=non_standard]"
        ),
        press("Confirm", CONFIRM),
        see("All are named", `${SIGNED}:contains(,)`),
        see("Nothing is left", `${NO_DIALOG} .o_view_nocontent`),
    ],
});
