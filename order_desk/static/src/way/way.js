import { Component } from "@odoo/owl";
import { formatDate, deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The steps an order has passed, with dates, and those to come: `order.desk.sheet.way`. */
export class OrderDeskWay extends Component {
    static template = "order_desk.Way";
    static props = { ...standardFieldProps };

    get steps() {
        const steps = this.props.record.data[this.props.name] || [];
        const next = steps.findIndex((step) => !step.reached_on);
        return steps.map((step, index) => ({
            ...step,
            isNext: index === next,
            date: step.reached_on
                ? formatDate(deserializeDateTime(step.reached_on))
                : "",
        }));
    }
}

export const orderDeskWay = {
    component: OrderDeskWay,
    displayName: _t("Way of the order"),
    supportedTypes: ["json"],
};

registry.category("fields").add("order_desk_way", orderDeskWay);
