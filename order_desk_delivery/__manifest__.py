{
    "name": "Order Desk: Delivery",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "summary": "The configuration sheet's codes on transfers and their papers",
    "author": "order_desk maintainers",
    "license": "LGPL-3",
    "depends": ["order_desk", "stock_delivery"],
    "data": [
        "views/stock_picking_views.xml",
        "views/order_desk_sheet_views.xml",
        "report/report_deliveryslip.xml",
        "report/report_picking.xml",
    ],
    "demo": ["demo/carriers_demo.xml"],
    "uninstall_hook": "uninstall_hook",
    "auto_install": ["order_desk", "stock_delivery"],
}
