{
    "name": "Order Desk: Manufacturing",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Manufacturing",
    "summary": "The configuration sheet on the manufacturing order",
    "author": "order_desk maintainers",
    "license": "LGPL-3",
    "depends": ["order_desk", "sale_mrp"],
    "data": [
        "views/mrp_production_views.xml",
        "views/order_desk_sheet_views.xml",
        "report/report_mrporder.xml",
    ],
    "demo": [
        "demo/users_demo.xml",
        "demo/workcenters_demo.xml",
        "demo/boms_demo.xml",
        "demo/order_steps_demo.xml",
    ],
    "uninstall_hook": "uninstall_hook",
    "auto_install": ["order_desk", "sale_mrp"],
}
