"""Messages, how people want to be told, what became of telling them, and service in law."""

from __future__ import annotations

from shuzheng.engines.messaging.models.bulk import Bulk, BulkRecipient
from shuzheng.engines.messaging.models.contact_address import ContactAddress, VerificationCode
from shuzheng.engines.messaging.models.delivery import Delivery
from shuzheng.engines.messaging.models.group import GroupMember, RecipientGroup
from shuzheng.engines.messaging.models.message import Message
from shuzheng.engines.messaging.models.notice import Notice
from shuzheng.engines.messaging.models.operation import Budget, BudgetChange, ProviderHealth, Tally
from shuzheng.engines.messaging.models.preference import Preference, QuietHours
from shuzheng.engines.messaging.models.service import LegalService, ServiceConsent, ServiceStep
from shuzheng.engines.messaging.models.webhook import WebhookDelivery, WebhookTarget

__all__ = [
    "Budget",
    "BudgetChange",
    "Bulk",
    "BulkRecipient",
    "ContactAddress",
    "Delivery",
    "GroupMember",
    "LegalService",
    "Message",
    "Notice",
    "Preference",
    "ProviderHealth",
    "QuietHours",
    "RecipientGroup",
    "ServiceConsent",
    "ServiceStep",
    "Tally",
    "VerificationCode",
    "WebhookDelivery",
    "WebhookTarget",
]
