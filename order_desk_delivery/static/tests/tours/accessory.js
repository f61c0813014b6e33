import { registry } from "@web/core/registry";
import { NO_DIALOG, fits, press, see, type } from "@order_desk/../tests/tours/steps";

const tours = registry.category("web_tour.tours");
const CARD = ".o_kanban_record:contains(Test manual)";

/** The follow-up clerk prepares and packs with the phone in the hand. */
tours.add("order_desk_pack_on_phone", {
    steps: () => [
        fits("The cards", CARD),
        press("It lies ready", `${CARD} button[name=action_prepare]`),
        see(
            "It shows",
            `${CARD}:contains(Prepared):not(:has(button[name=action_prepare]))`
        ),
        press("Pack it", `${CARD} button[name=action_open_pack]`),
        fits("The dialog", ".modal [name=package_count]"),
        press("In small batches", ".modal [name=packing] label:contains(Small batch)"),
        type("Three packages", ".modal [name=package_count] input", "3"),
        press("Packed", ".modal footer .btn-primary"),
        see("Nothing is left to pack", `${NO_DIALOG} .o_view_nocontent`),
    ],
});
