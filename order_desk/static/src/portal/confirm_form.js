import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const KEPT = ["name", "remarks"];

/**
 * The form in which a customer confirms an order: shows what belongs to the chosen way
 * and keeps what was typed when the page is loaded again.
 */
export class OrderDeskConfirmForm extends Interaction {
    static selector = ".o_order_desk_confirm_form";
    dynamicContent = {
        "input[name=way]": { "t-on-change": () => {} },
        "input[name=name], textarea[name=remarks]": { "t-on-input": this.onInput },
        ".o_order_desk_way_sign": {
            "t-att-class": () => ({ o_order_desk_folded: this.way !== "sign" }),
        },
        ".o_order_desk_way_upload": {
            "t-att-class": () => ({ "d-none": this.way !== "upload" }),
        },
        "button[type=submit]": { "t-att-disabled": () => this.submitted || undefined },
        _root: { "t-on-submit": this.onSubmit },
    };

    setup() {
        this.submitted = false;
        this.key = `order_desk${browser.location.pathname}`;
        const kept = JSON.parse(browser.sessionStorage.getItem(this.key) || "{}");
        for (const name of KEPT) {
            this.el.elements[name].value = kept[name] || this.el.elements[name].value;
        }
    }

    get way() {
        return this.el.elements.way.value;
    }

    onInput() {
        const kept = Object.fromEntries(
            KEPT.map((name) => [name, this.el.elements[name].value])
        );
        browser.sessionStorage.setItem(this.key, JSON.stringify(kept));
    }

    onSubmit() {
        // from here on the server knows what was typed, and sends it back on an error
        browser.sessionStorage.removeItem(this.key);
        this.submitted = true;
    }
}

registry
    .category("public.interactions")
    .add("order_desk.confirm_form", OrderDeskConfirmForm);
