import { Component, onWillStart } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// what the table comes down to; everything else leads to it
const RESULTS = ["balance", "due"];

/**
 * How the balance of an order came about: a small table.
 * The value is the list that `sale.order._compute_balance_table` makes.
 */
export class OrderDeskBalance extends Component {
    static template = "order_desk.Balance";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        onWillStart(async () => {
            this.mayOpen = await user.hasGroup("account.group_account_invoice");
        });
    }

    get rows() {
        const rows = this.props.record.data[this.props.name] || [];
        return rows.map((row, index) => ({
            ...row,
            id: index,
            isResult: RESULTS.includes(row.kind),
            isOpen: RESULTS.includes(row.kind) && row.amount > 0,
            opens: this.mayOpen && row.move_id,
        }));
    }

    openInvoice(row) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "account.move",
            res_id: row.move_id,
            views: [[false, "form"]],
        });
    }
}

export const orderDeskBalance = {
    component: OrderDeskBalance,
    displayName: _t("How the balance came about"),
    supportedTypes: ["json"],
};

registry.category("fields").add("order_desk_balance", orderDeskBalance);
