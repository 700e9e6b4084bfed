"""What can be done with messages."""

from __future__ import annotations

from shuzheng.engines.messaging.actions.addresses import ConfirmAddress, RemoveAddress, RequestCode
from shuzheng.engines.messaging.actions.budgets import SetBudget
from shuzheng.engines.messaging.actions.bulk import AddRecipients, DraftBulk
from shuzheng.engines.messaging.actions.bulk_again import ResendBulk
from shuzheng.engines.messaging.actions.bulk_life import (
    ApproveBulk,
    CancelBulk,
    PauseBulk,
    ResumeBulk,
    ReturnBulk,
    SubmitBulk,
)
from shuzheng.engines.messaging.actions.bulk_sending import SendBatch
from shuzheng.engines.messaging.actions.consent import GiveConsent, WithdrawConsent
from shuzheng.engines.messaging.actions.dead_letters import GiveUpCause, GiveUpDelivery, RetryCause, RetryDelivery
from shuzheng.engines.messaging.actions.deliveries import ClaimDeliveries, RecordOutcomes
from shuzheng.engines.messaging.actions.events import QueueWebhooks
from shuzheng.engines.messaging.actions.groups import AddMembers, RemoveGroup, RemoveMembers, SaveGroup
from shuzheng.engines.messaging.actions.inbox import HideMessages, MarkDone, MarkRead, RestoreMessages
from shuzheng.engines.messaging.actions.notice_cancelling import CancelNotice
from shuzheng.engines.messaging.actions.notices import SubmitNotice
from shuzheng.engines.messaging.actions.preferences import Choose, SetQuietHours
from shuzheng.engines.messaging.actions.providers import ReportProvider
from shuzheng.engines.messaging.actions.receipts import RecordReceipts
from shuzheng.engines.messaging.actions.send_message import CancelMessage, SendMessage
from shuzheng.engines.messaging.actions.service import RecordService, ServeDocument
from shuzheng.engines.messaging.actions.service_deeming import DeemServed
from shuzheng.engines.messaging.actions.trying import SendTest
from shuzheng.engines.messaging.actions.webhooks import (
    PauseWebhook,
    RegisterWebhook,
    RetireWebhook,
    RotateWebhookSecret,
    TryWebhook,
)

__all__ = [
    "AddMembers",
    "AddRecipients",
    "ApproveBulk",
    "CancelBulk",
    "CancelMessage",
    "CancelNotice",
    "Choose",
    "ClaimDeliveries",
    "ConfirmAddress",
    "DeemServed",
    "DraftBulk",
    "GiveConsent",
    "GiveUpCause",
    "GiveUpDelivery",
    "HideMessages",
    "MarkDone",
    "MarkRead",
    "PauseBulk",
    "PauseWebhook",
    "QueueWebhooks",
    "RecordOutcomes",
    "RecordReceipts",
    "RecordService",
    "RegisterWebhook",
    "RemoveAddress",
    "RemoveGroup",
    "RemoveMembers",
    "ReportProvider",
    "RequestCode",
    "ResendBulk",
    "RestoreMessages",
    "ResumeBulk",
    "RetireWebhook",
    "RetryCause",
    "RetryDelivery",
    "ReturnBulk",
    "RotateWebhookSecret",
    "SaveGroup",
    "SendBatch",
    "SendMessage",
    "SendTest",
    "ServeDocument",
    "SetBudget",
    "SetQuietHours",
    "SubmitBulk",
    "SubmitNotice",
    "TryWebhook",
    "WithdrawConsent",
]
