import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** The forms of claims: what is sent is sent once, however often it is tapped. */
export class OrderDeskClaimForm extends Interaction {
    static selector = ".o_order_desk_claim_form";
    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
        "button[type=submit]": { "t-att-disabled": () => this.isSent || undefined },
    };

    setup() {
        this.isSent = this.el.querySelector("button[type=submit]").disabled;
    }

    onSubmit() {
        this.isSent = true;
    }
}

registry
    .category("public.interactions")
    .add("order_desk_delivery.claim_form", OrderDeskClaimForm);
