import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { NameAndSignature } from "@web/core/signature/name_and_signature";

/**
 * A field of a plain form in the portal, on which the customer draws a signature.
 * It goes with the form as a data URL; what was drawn survives an error of the form.
 */
export class OrderDeskSignaturePad extends Component {
    static template = "order_desk.SignaturePad";
    static components = { NameAndSignature };
    static props = { name: String, value: { type: String, optional: true } };

    setup() {
        this.state = useState({ value: this.props.value || "" });
        this.signature = useState({
            name: "",
            isSignatureEmpty: true,
            signatureImage: this.props.value || false,
            getSignatureImage: () => "",
            resetSignature: () => {},
        });
    }

    get padProps() {
        return {
            signature: this.signature,
            mode: "draw",
            noInputName: true,
            onSignatureChange: () => this.onChange(),
        };
    }

    onChange() {
        this.state.value = this.signature.isSignatureEmpty
            ? ""
            : this.signature.getSignatureImage();
    }
}

registry
    .category("public_components")
    .add("order_desk.signature_pad", OrderDeskSignaturePad);
