import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What has changed since the user signed, old and new: `order.desk.sheet.my_changes`. */
export class OrderDeskChanges extends Component {
    static template = "order_desk.Changes";
    static props = { ...standardFieldProps };

    get changes() {
        return this.props.record.data[this.props.name] || [];
    }
}

export const orderDeskChanges = {
    component: OrderDeskChanges,
    displayName: _t("Changes since signed"),
    supportedTypes: ["json"],
};

registry.category("fields").add("order_desk_changes", orderDeskChanges);
