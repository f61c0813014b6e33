import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * The conditions of a gate: met or not, why, who must act, and a link to act.
 * The value is the list that `sale.order._order_desk_conditions` makes.
 */
export class OrderDeskConditions extends Component {
    static template = "order_desk.Conditions";
    static props = { ...standardFieldProps, gate: { type: String, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.met = _t("Met");
        this.notMet = _t("Not met");
    }

    get conditions() {
        return this.props.record.data[this.props.name] || [];
    }

    get title() {
        return this.props.gate === "shipping"
            ? _t("Conditions for shipping")
            : _t("Conditions for production");
    }

    get summary() {
        const met = this.conditions.filter((condition) => condition.holds).length;
        return _t("%(met)s of %(all)s conditions met", {
            met,
            all: this.conditions.length,
        });
    }

    /** Lead to the field in which something is missing: here, or in a dialog. */
    async fillIn(entry) {
        const { record } = this.props;
        if (entry.model === record.resModel && entry.res_id === record.resId) {
            this.focus(".o_form_view", entry.field);
            return;
        }
        await record.save();
        const action = await this.orm.call(record.resModel, "action_open_missing", [
            record.resId,
            entry,
        ]);
        await this.action.doAction(action, { onClose: () => record.load() });
        if (action.target === "new") {
            this.focus(".modal", entry.field);
        }
    }

    focus(container, name) {
        const field = document.querySelector(
            `${container} .o_field_widget[name="${name}"]`
        );
        field?.scrollIntoView({ block: "center" });
        field?.querySelector("input, textarea, select, button")?.focus();
    }

    async open(condition) {
        const { record } = this.props;
        await record.save();
        const action = await this.orm.call(record.resModel, "action_open_condition", [
            record.resId,
            condition.code,
        ]);
        await this.action.doAction(action, { onClose: () => record.load() });
    }
}

export const orderDeskConditions = {
    component: OrderDeskConditions,
    displayName: _t("Conditions of a gate"),
    supportedTypes: ["json"],
    extractProps: ({ options }) => ({ gate: options.gate }),
};

registry.category("fields").add("order_desk_conditions", orderDeskConditions);
