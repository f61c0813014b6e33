from .common import OrderDeskMrpCommon


class InstructionCommon(OrderDeskMrpCommon):
    """Orders that were released, with the instructions that went out."""

    @classmethod
    def _release_order(cls, **line_vals):
        """Return the released sheet of a new order for pumps."""
        return cls._make_at("released", **line_vals)

    @classmethod
    def _get_instruction(cls, **line_vals):
        return cls._release_order(**line_vals).instruction_id

    @classmethod
    def _tick_all(cls, instruction, user=None):
        points = instruction.point_ids.filtered(lambda point: not point.done_on)
        points.with_user(user or cls.supervisor).action_tick()

    @classmethod
    def _acknowledge(cls, instruction, user=None):
        cls._tick_all(instruction, user)
        instruction.with_user(user or cls.supervisor).action_acknowledge()

    @classmethod
    def _change_and_sign(cls, sheet, **line_vals):
        """Change the order's line after the release, and let it be signed again."""
        sheet.order_line.with_context(mail_notrack=True).write(line_vals)
        cls._sign_pending(sheet)
        confirmations = cls._send(sheet)
        cls._file_return(confirmations)
        confirmations.action_verify()
