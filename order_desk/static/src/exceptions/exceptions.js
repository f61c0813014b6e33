import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What is unusual about an order, as badges: `order.desk.sheet.exceptions`. */
export class OrderDeskExceptions extends Component {
    static template = "order_desk.Exceptions";
    static props = { ...standardFieldProps };

    get exceptions() {
        return this.props.record.data[this.props.name] || [];
    }
}

export const orderDeskExceptions = {
    component: OrderDeskExceptions,
    displayName: _t("What is unusual"),
    supportedTypes: ["json"],
};

registry.category("fields").add("order_desk_exceptions", orderDeskExceptions);
