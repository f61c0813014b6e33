import { CONFIRM, SIGNED, press, see } from "@order_desk/../tests/tours/steps";
import { registry } from "@web/core/registry";

/** The production manager sees what a finish date is made of and decides on it. */
registry.category("web_tour.tours").add("order_desk_finish_date", {
    steps: () => [
        press("Sign", ".o_form_view button[name=action_open_sign]"),
        see(
            "How the proposal came about",
            ".modal [name=statement_hint]:contains(Material from)"
        ),
        see(
            "A day is proposed",
            ".modal [name=statement_date]:not(:has(.o_field_empty)) button, .modal [name=statement_date] input"
        ),
        press("Decide on it", CONFIRM),
        see("It is signed", SIGNED),
        press("Production", ".o_notebook a[name=production]"),
        see("The materials stand there, too", ".o_form_view [name=material_summary]"),
    ],
});
