"""What can go wrong when operating services."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.error import Conflict, NotFound, NotPermitted


class NoSuchService(NotFound):
    """No pack declares this service."""

    code = "no-such-service"
    message = _("没有这项支撑服务，可能已经停用。请从运行保障页面重新进入。")


class NoSuchMode(NotFound):
    """The service declares no such emergency mode."""

    code = "no-such-mode"
    message = _("这项服务没有声明这种应急措施。请从服务页面选择。")


class MeasureTooLong(Conflict):
    """The measure would last longer than its declaration allows."""

    code = "measure-too-long"
    message = _("这种应急措施一次最多 {most} 分钟。请缩短时间，到期前可以再次申请。")


class MeasureInForce(Conflict):
    """The same measure is asked for or in force already."""

    code = "measure-in-force"
    message = _("这项措施已经在申请或执行中，没有重复提交。")


class MeasureSettled(Conflict):
    """The measure is not in the state that this step needs."""

    code = "measure-settled"
    message = _("这项措施现在是“{state}”，不能办理这一步。请刷新后再看。")


class OwnMeasure(NotPermitted):
    """A second person must approve or review a measure."""

    code = "own-measure"
    message = _("应急措施不能由申请人自己批准或复核，请交另一位有权限的同志办理。")


class AlertClosed(Conflict):
    """The alert has been closed."""

    code = "alert-closed"
    message = _("这条告警已经解除，不用再处理。")
