"""One notice to one person about one entry of the journal."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """消息 — somebody is told that something concerns their post."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    entry_id = models.BigIntegerField(db_comment="所据的日志条目")
    person = models.ForeignKey("access.Person", on_delete=models.PROTECT, related_name="+", db_comment="告诉谁")
    subject = models.CharField(max_length=100, db_comment="主体，如 matter:滨26-0417-0032")
    kind = models.CharField(max_length=40, db_comment="哪种消息（事实的名称）")
    at = models.DateTimeField(db_comment="事情发生的时刻")
    urgent = models.BooleanField(default=False, db_comment="是否要紧（逾期、紧急）")
    read_at = models.DateTimeField(null=True, db_comment="何时看过")

    class Meta:
        db_table_comment = "工作人员的消息"
        constraints = [models.UniqueConstraint(fields=["entry_id", "person"], name="notices_told_once")]
        indexes = [
            models.Index(fields=["person", "-at"], name="notices_of_person"),
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="notices_unread"),
        ]

    def __str__(self) -> str:
        """Kind and subject."""
        return f"{self.kind} {self.subject}"

    @property
    def number(self) -> str:
        """The number of the matter, whistle, meeting or task; empty when the notice is about something else."""
        kind, _colon, key = self.subject.partition(":")
        return key if kind in PAGES else ""

    @property
    def address(self) -> str:
        """Where it can be dealt with."""
        kind, _colon, key = self.subject.partition(":")
        return reverse(PAGES[kind], args=[key])

    @property
    def words(self) -> str:
        """What is told, in a few words."""
        return str(WORDS.get(self.kind, _("有变化")))


class Preference(models.Model):
    """通知方式 — how the reporter of one matter wants to hear of it. Without a row: on the page only."""

    number = models.CharField(max_length=20, primary_key=True, db_comment="诉求编号")
    channel = models.CharField(
        max_length=10,
        choices=[("page", _("只看页面")), ("sms", _("发短信"))],
        db_comment="怎么通知：page 页面、sms 短信",
    )
    at = models.DateTimeField(db_comment="何时选的")

    class Meta:
        db_table_comment = "居民选的通知方式"

    def __str__(self) -> str:
        """Which matter, which way."""
        return f"{self.number} {self.channel}"


PAGES = {
    "matter": "matters:matter",
    "erasure": "matters:erasure",
    "whistle": "whistles:whistle",
    "meeting": "whistles:meeting",
    "task": "tasks:task",
    "webhook": "webhooks:subscription",
}
"""Where each kind of subject is dealt with."""

WORDS = {
    "matters.MatterRegistered": _("新的诉求"),
    "matters.MatterRaised": _("下级上报"),
    "matters.MatterAssigned": _("派给您单位"),
    "matters.MatterObjected": _("有职责异议等裁定"),
    "matters.MatterRuled": _("职责异议有裁定"),
    "matters.MatterUnruled": _("异议逾期未裁定"),
    "matters.MatterExtensionAsked": _("有延期等您批"),
    "matters.MatterExtended": _("同意延期了"),
    "matters.MatterExtensionRefused": _("没有同意延期"),
    "matters.MatterUnreviewed": _("挂账到期，还没有再看"),
    "matters.MatterRedone": _("核实没通过，退回重办"),
    "matters.MatterReopened": _("居民说没解决"),
    "matters.MatterAdded": _("居民补充了"),
    "matters.MatterReminded": _("快到期了"),
    "matters.MatterOverdue": _("已逾期"),
    "matters.MatterEscalated": _("下级逾期，报到您这一级"),
    "matters.MatterPressed": _("被督办，请回复"),
    "matters.MatterCardWithdrawn": _("撤销督办"),
    "matters.MatterResponded": _("承办单位回复了督办"),
    "matters.MatterAppealed": _("有评价申诉等您审"),
    "matters.MatterAppealDecided": _("评价申诉审出来了"),
    "matters.MatterAppealable": _("居民说没解决，已由上一级接着办；对这次评价可以申诉一次"),
    "matters.MatterDecisionDue": _("快到审定的期限了"),
    "matters.MatterUndecided": _("逾期还没有审定"),
    "privacy.ErasureAsked": _("有人要求删除个人信息"),
    "privacy.ErasureOverdue": _("删除个人信息的申请逾期未定"),
    "matters.MatterExclusionProposed": _("有不予受理等您确认"),
    "matters.MatterExclusionRefused": _("没有同意不予受理，请派单"),
    "matters.MatterUnconfirmed": _("不予受理逾期没有人确认"),
    "matters.MatterSecondLookAsked": _("有不予受理等您复核"),
    "matters.MatterExclusionOverturned": _("不予受理被撤销，请派单"),
    "matters.MatterUnlooked": _("逾期没有人复核"),
    "matters.MatterSampled": _("抽中的不予受理，等您看"),
    "matters.MatterContactDue": _("快到联系居民的时限"),
    "matters.MatterUncontacted": _("逾期还没有联系上居民"),
    "matters.MatterUrged": _("居民催办"),
    "matters.MatterApprovalAsked": _("清单外派办，等答复"),
    "matters.MatterApprovalRejected": _("清单外派办没有批"),
    "matters.MatterOffListRefused": _("清单外拒接"),
    "matters.MatterHelpAsked": _("请您单位协办"),
    "matters.MatterAdvised": _("协办单位有意见了"),
    "matters.MatterParted": _("一件的一部分派给您单位"),
    "matters.MatterPartWithdrawn": _("居民撤回了，不用再办"),
    "matters.MatterMerged": _("并到别的一件，不用再办"),
    "matters.MatterTookIn": _("又有几件并进来，一起答复"),
    "matters.MatterUnmerged": _("撤回并案，接着办"),
    "matters.MatterLetGo": _("有一件撤回并案，单独办了"),
    "matters.MatterHeardAlong": _("并案的反映人有话说"),
    "whistles.WhistleSounded": _("吹哨叫您单位"),
    "whistles.SummonsAcknowledged": _("被叫的单位收到了"),
    "whistles.SummonsMet": _("被叫的单位到了"),
    "whistles.AbsenceExplained": _("被叫的单位说明没到的原因"),
    "whistles.ActionReported": _("被叫的单位报告办理"),
    "whistles.WhistleEscalated": _("吹哨没有人应"),
    "whistles.WhistleConcluded": _("吹哨办结，请评这一哨"),
    "whistles.MeetingConvened": _("请您单位参加联席会议"),
    "whistles.MeetingHeld": _("联席会议定了要您单位做的事"),
    "whistles.MeetingCancelled": _("联席会议取消了"),
    "whistles.WhistleWithdrawn": _("哨撤回了，不用去了"),
    "tasks.TaskGiven": _("新的任务"),
    "tasks.TaskDelayAsked": _("申请延期"),
    "tasks.TaskDelayed": _("同意延期"),
    "tasks.TaskDelayRefused": _("不同意延期"),
    "tasks.TaskFinished": _("报完成，等确认"),
    "tasks.TaskConfirmed": _("确认完成"),
    "tasks.TaskSentBack": _("退回再办"),
    "tasks.TaskCancelled": _("任务取消了"),
    "tasks.TaskReminded": _("快到期了"),
    "tasks.TaskOverdue": _("已逾期"),
    "tasks.TaskPressed": _("被督办"),
    "tasks.TaskCardWithdrawn": _("撤销督办"),
    "webhooks.SubscriptionSwitchedOff": _("推送连续失败，停了"),
}
