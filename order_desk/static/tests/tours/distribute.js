import { registry } from "@web/core/registry";
import {
    NO_DIALOG,
    countTaps,
    fits,
    largeEnough,
    onCard,
    press,
    see,
    tookTaps,
    type,
} from "./steps";

const tours = registry.category("web_tour.tours");

/** The warehouse supervisor gives the codes; the order code comes by itself. */
tours.add("order_desk_give_codes", {
    steps: () => [
        fits("The cards", onCard("")),
        countTaps("The card is there", onCard("[name=action_open_code]")),
        press("Give codes", onCard("[name=action_open_code]")),
        type("The customer's code", ".modal [name=customer_code] input", "K-77"),
        fits("The dialog", ".modal [name=action_give_codes]"),
        largeEnough("The dialog", ".modal-footer button"),
        press("Give them", ".modal button[name=action_give_codes]"),
        tookTaps("From the card to the codes", `${NO_DIALOG} .o_view_nocontent`, 3),
    ],
});

const COPY = ".o_kanban_record:contains(Prepare)";

/** A recipient takes note of a copy and reports that their part is done. */
tours.add("order_desk_take_note", {
    steps: () => [
        see("The copy is there", `${COPY}:contains(Test pump)`),
        fits("The copies", COPY),
        largeEnough("The copies", ".o_kanban_record footer button"),
        press("Take note", `${COPY} button[name=action_take_note]`),
        see(
            "It is noted",
            `${COPY}:not(:has([name=action_take_note])) .badge:contains(Noted)`
        ),
        press("Done", `${COPY} button[name=action_report_done]`),
        see("Nothing is left to do", ".o_view_nocontent"),
    ],
});
