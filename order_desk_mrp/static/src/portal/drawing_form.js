import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const KEPT = ["name", "markup"];

/**
 * The forms in which a customer approves a drawing or marks it up: what was typed stays
 * when the page is loaded again, and nothing is sent twice.
 */
export class OrderDeskDrawingForm extends Interaction {
    static selector = ".o_order_desk_drawing_form";
    dynamicContent = {
        "input[name=name], textarea[name=markup]": { "t-on-input": this.onInput },
        "button[type=submit]": { "t-att-disabled": () => this.submitted || undefined },
        _root: { "t-on-submit": this.onSubmit },
    };

    setup() {
        this.submitted = false;
        const decision = this.el.elements.decision.value;
        this.key = `order_desk${browser.location.pathname}/${decision}`;
        const kept = JSON.parse(browser.sessionStorage.getItem(this.key) || "{}");
        for (const input of this.inputs) {
            input.value = kept[input.name] || input.value;
        }
    }

    get inputs() {
        return KEPT.map((name) => this.el.elements[name]).filter(Boolean);
    }

    onInput() {
        const kept = Object.fromEntries(
            this.inputs.map((input) => [input.name, input.value])
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
    .add("order_desk_mrp.drawing_form", OrderDeskDrawingForm);
