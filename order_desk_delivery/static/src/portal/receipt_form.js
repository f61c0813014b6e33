/* global SignaturePad */

import { loadJS } from "@web/core/assets";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError, rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { redirect } from "@web/core/utils/urls";
import { Interaction } from "@web/public/interaction";
import { shrinkPicture } from "./picture";

const PREFIX = "order_desk_receipt:";
const KEPT_DAYS = 7;
const SIGNATURE_LIB = "/web/static/lib/signature_pad/signature_pad.umd.js";

/**
 * The form in which a receiver says what has come, and signs. What was entered stays in
 * the browser until the server has it; photos are sent one by one as they are taken, so
 * the signature itself is little to send on a slow line.
 */
export class OrderDeskReceiptForm extends Interaction {
    static selector = ".o_order_desk_receipt_form";
    dynamicContent = {
        "input, textarea": { "t-on-input": this.onInput, "t-on-change": this.onInput },
        "input[data-photos]": { "t-on-change": this.onPhotos },
        ".o_order_desk_photos": { "t-on-click": this.onClickPhotos },
        ".o_order_desk_pad_clear": { "t-on-click": this.onClear },
        ".o_order_desk_busy": { "t-att-class": () => ({ "d-none": !this.busy }) },
        "button[type=submit]": {
            "t-att-disabled": () => this.busy || this.isReadonly || undefined,
        },
        _root: { "t-on-submit.prevent": this.onSubmit },
    };

    setup() {
        this.busy = false;
        this.sending = 0;
        this.isReadonly = Boolean(this.el.dataset.readonly);
        this.key = `${PREFIX}${this.el.dataset.draft}`;
        this.strokes = [];
        this.forgetOldDrafts();
        this.restore();
    }

    async willStart() {
        await loadJS(SIGNATURE_LIB);
    }

    start() {
        const canvas = this.el.querySelector(".o_order_desk_pad");
        this.pad = new SignaturePad(canvas, { penColor: "#00008b", minWidth: 1 });
        this.pad.addEventListener("endStroke", () => {
            this.strokes = this.pad.toData();
            this.keep();
        });
        this.fitPad();
        this.addListener(window, "resize", this.debounced(this.fitPad, 200));
        this.registerCleanup(() => this.pad.off());
    }

    get lines() {
        return [...this.el.querySelectorAll(".o_order_desk_receipt_line")];
    }

    // --------------------------------------------------------------- the draft

    /** Give the canvas as many dots as the screen shows, and draw it again. */
    fitPad() {
        const canvas = this.pad.canvas;
        const ratio = Math.max(browser.devicePixelRatio || 1, 1);
        canvas.width = canvas.offsetWidth * ratio;
        canvas.height = canvas.offsetHeight * ratio;
        canvas.getContext("2d").scale(ratio, ratio);
        this.pad.clear();
        this.pad.fromData(this.strokes);
    }

    forgetOldDrafts() {
        const oldest = Date.now() - KEPT_DAYS * 24 * 3600 * 1000;
        for (const key of Object.keys(browser.localStorage)) {
            if (key.startsWith(PREFIX) && !(this.read(key).at > oldest)) {
                browser.localStorage.removeItem(key);
            }
        }
    }

    read(key) {
        try {
            return JSON.parse(browser.localStorage.getItem(key)) || {};
        } catch {
            return {};
        }
    }

    restore() {
        const kept = this.read(this.key);
        for (const name of ["name", "remark"]) {
            this.el.elements[name].value =
                kept[name] || this.el.elements[name].value || "";
        }
        this.strokes = kept.strokes || [];
        for (const line of this.lines) {
            const entry = (kept.lines || {})[line.dataset.line];
            if (entry) {
                this.fillLine(line, entry);
            }
            this.showLine(line);
        }
    }

    fillLine(line, entry) {
        const state = line.querySelector(`input[value=${entry.good ? "good" : "bad"}]`);
        state.checked = true;
        for (const input of line.querySelectorAll("[data-entry]")) {
            const value = entry[input.dataset.entry];
            if (input.type === "checkbox") {
                input.checked = Boolean(value);
            } else if (value !== undefined) {
                input.value = value;
            }
        }
    }

    keep() {
        const { name, remark } = this.el.elements;
        const lines = {};
        for (const line of this.lines) {
            lines[line.dataset.line] = this.readLine(line);
        }
        const draft = {
            at: Date.now(),
            name: name.value,
            remark: remark.value,
            lines,
            strokes: this.strokes,
        };
        try {
            browser.localStorage.setItem(this.key, JSON.stringify(draft));
        } catch {
            // a browser that keeps nothing: the page works all the same
        }
    }

    /** Return what is entered of a line; what is folded away does not count. */
    readLine(line) {
        const entry = {
            good: Boolean(line.querySelector("input[value=good]").checked),
        };
        for (const input of line.querySelectorAll("[data-entry]")) {
            entry[input.dataset.entry] =
                input.type === "checkbox" ? input.checked : input.value;
        }
        return entry;
    }

    showLine(line) {
        const entry = this.readLine(line);
        const toggle = (selector, show) =>
            line.querySelector(selector).classList.toggle("d-none", !show);
        toggle(".o_order_desk_receipt_details", !entry.good);
        toggle(
            ".o_order_desk_more",
            parseFloat(entry.received) > parseFloat(line.dataset.expected)
        );
    }

    onInput(ev) {
        const line = ev.target.closest(".o_order_desk_receipt_line");
        if (line) {
            this.showLine(line);
        }
        this.keep();
    }

    onClear() {
        this.pad.clear();
        this.strokes = [];
        this.keep();
    }

    // --------------------------------------------------------------- photos

    onPhotos(ev) {
        const line = ev.target.closest(".o_order_desk_receipt_line");
        for (const file of ev.target.files) {
            this.sendPhoto(line, file);
        }
        ev.target.value = "";
    }

    async sendPhoto(line, file) {
        const box = line
            .querySelector("template")
            .content.firstElementChild.cloneNode(true);
        line.querySelector(".o_order_desk_photo_add").before(box);
        this.sending++;
        const result = await this.waitFor(this.postPhoto(line, file, box));
        this.sending--;
        if (result.error) {
            box.remove();
            this.showError(result.error);
            return;
        }
        box.dataset.photo = result.photo;
        box.classList.remove("o_order_desk_sending");
        box.querySelector(".fa-spin").remove();
    }

    async postPhoto(line, file, box) {
        const data = await shrinkPicture(file).catch(() => "");
        if (!data) {
            return { error: this.text("photo") };
        }
        box.querySelector("img").src = data;
        return this.post("/photo", {
            line_id: line.dataset.line,
            name: file.name,
            data,
        });
    }

    async onClickPhotos(ev) {
        const button = ev.target.closest(".o_order_desk_photo_remove");
        const box = button && button.closest(".o_order_desk_photo");
        if (!box || !box.dataset.photo) {
            return;
        }
        button.disabled = true;
        const line = box.closest(".o_order_desk_receipt_line");
        const result = await this.waitFor(
            this.post("/photo/remove", {
                line_id: line.dataset.line,
                photo_id: box.dataset.photo,
            })
        );
        button.disabled = false;
        if (result.error) {
            this.showError(result.error);
        } else {
            box.remove();
        }
    }

    // --------------------------------------------------------------- signing

    async onSubmit() {
        if (this.busy || this.isReadonly) {
            return;
        }
        const errors = this.getErrors();
        if (errors.length) {
            this.showError(errors.join("\n"));
            return;
        }
        this.showError("");
        this.busy = true;
        this.updateContent();
        const result = await this.waitFor(this.post("/sign", this.getValues()));
        if (result.error) {
            this.busy = false;
            this.showError(result.error);
            return;
        }
        browser.localStorage.removeItem(this.key);
        redirect(result.url);
    }

    getErrors() {
        const errors = [];
        for (const line of this.lines) {
            const problem = this.getLineProblem(line);
            if (problem) {
                const title = line.querySelector(".o_order_desk_title").textContent;
                errors.push(this.text(problem).replace("%s", title));
            }
        }
        if (!this.el.elements.name.value.trim()) {
            errors.push(this.text("name"));
        }
        if (!this.strokes.length) {
            errors.push(this.text("signature"));
        }
        if (this.sending) {
            errors.push(this.text("wait"));
        }
        return errors;
    }

    /** Say what is wrong with a line, as the server would: it has the last word. */
    getLineProblem(line) {
        const { good, received, damaged, more } = this.readLine(line);
        if (good) {
            return "";
        }
        const arrived = parseFloat(received);
        const broken = parseFloat(damaged || "0");
        if (!(arrived >= 0) || !(broken >= 0)) {
            return "number";
        }
        if (broken > arrived) {
            return "damaged";
        }
        return arrived > parseFloat(line.dataset.expected) && !more ? "more" : "";
    }

    getValues() {
        const lines = {};
        for (const line of this.lines) {
            const { good, ...entry } = this.readLine(line);
            lines[line.dataset.line] = good
                ? { received: line.dataset.expected, damaged: "0" }
                : entry;
        }
        return {
            name: this.el.elements.name.value,
            remark: this.el.elements.remark.value,
            lines,
            signature: this.pad.toDataURL("image/png"),
        };
    }

    /** Post to the server; whatever goes wrong comes back as words. */
    async post(path, values) {
        const { url, token } = this.el.dataset;
        try {
            return await rpc(
                `${url}${path}`,
                { access_token: token, ...values },
                { silent: true }
            );
        } catch (error) {
            const isOffline = error instanceof ConnectionLostError;
            return { error: this.text(isOffline ? "offline" : "failed") };
        }
    }

    text(name) {
        return this.el.querySelector(`[data-text=${name}]`).textContent;
    }

    showError(message) {
        const box = this.el.querySelector(".o_order_desk_receipt_error");
        box.textContent = message;
        box.classList.toggle("d-none", !message);
        if (message) {
            box.scrollIntoView({ block: "center" });
            box.focus();
        }
    }
}

registry
    .category("public.interactions")
    .add("order_desk_delivery.receipt_form", OrderDeskReceiptForm);
