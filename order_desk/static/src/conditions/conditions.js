import { Component } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
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
        this.waived = _t("Waived");
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
        const all = this.conditions.length;
        const waived = this.conditions.filter((condition) => condition.waiver).length;
        const met = this.conditions.filter((condition) => condition.holds).length;
        if (waived) {
            return _t("%(met)s of %(all)s conditions met, %(waived)s waived", {
                met: met - waived,
                all,
                waived,
            });
        }
        return _t("%(met)s of %(all)s conditions met", { met, all });
    }

    icon(condition) {
        if (condition.waiver) {
            return "fa-unlock text-danger";
        }
        return condition.holds
            ? "fa-check-circle text-success"
            : "fa-circle-o text-warning";
    }

    status(condition) {
        if (condition.waiver) {
            return this.waived;
        }
        return condition.holds ? this.met : this.notMet;
    }

    /** Say until when the waiver of a condition is to be made good. */
    makeGood({ make_good, make_good_by, made_good, overdue }) {
        const values = {
            what: make_good,
            date: formatDate(deserializeDate(make_good_by)),
        };
        if (made_good) {
            return _t("Made good: %(what)s", values);
        }
        return overdue
            ? _t("OVERDUE, to make good by %(date)s: %(what)s", values)
            : _t("To make good by %(date)s: %(what)s", values);
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
        const { resModel, resId } = this.props.record;
        await this.act(resModel, "action_open_condition", [resId, condition.code]);
    }

    async waive({ code, waive }) {
        await this.act("order.desk.sheet", "action_open_waive", [
            waive.sheet_id,
            waive.gate,
            code,
        ]);
    }

    async act(model, method, args) {
        const { record } = this.props;
        await record.save();
        const action = await this.orm.call(model, method, args);
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
