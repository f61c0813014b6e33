import { registry } from "@web/core/registry";
import { FileUploader } from "@web/views/fields/file_handler";
import { ImageField, imageField } from "@web/views/fields/image/image_field";

/** Goes straight to the camera where there is one. */
export class OrderDeskCamera extends FileUploader {
    static template = "order_desk_mrp.Camera";
}

/** A picture that is taken with the phone: a button for the camera, one for a file. */
export class OrderDeskPhotoField extends ImageField {
    static template = "order_desk_mrp.PhotoField";
    static components = { ...ImageField.components, OrderDeskCamera };
}

export const orderDeskPhotoField = {
    ...imageField,
    component: OrderDeskPhotoField,
};

registry.category("fields").add("order_desk_photo", orderDeskPhotoField);
