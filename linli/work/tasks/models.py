"""What is stored of tasks, meetings and supervision cards, and the constraints the database keeps."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel import clock
from linli.mechanisms.flow.subject import Subject
from linli.work.tasks.flow import UNDER_WAY, WORKING, State


class Meeting(models.Model):
    """会议 — a group met: on which day, about what, and where the minutes are. What it decided are its tasks."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    group = models.CharField(_("工作组"), max_length=60, db_comment="工作组代码（tasks/groups）")
    lead = models.ForeignKey(
        "access.Body", on_delete=models.PROTECT, related_name="+", db_comment="牵头单位：哪一级的工作组"
    )
    held_on = models.DateField(_("哪天开的"), db_comment="哪天开的")
    title = models.CharField(_("会议名称"), max_length=80, db_comment="会议名称")
    minutes = models.URLField(_("纪要的链接"), max_length=300, blank=True, db_comment="纪要的链接")

    class Meta:
        db_table_comment = "工作组的会议"
        verbose_name = _("会议")
        constraints = [models.UniqueConstraint(fields=["group", "lead", "held_on", "title"], name="tasks_meeting_once")]

    def __str__(self) -> str:
        """Day and title."""
        return f"{self.held_on} {self.title}"

    @property
    def subject(self) -> str:
        """Its name in the journal."""
        return f"meeting:{self.pk}"


class Task(Subject):
    """任务 — one thing a group wants done: by whom, with whom, until when, and what shows that it is done."""

    number = models.CharField(_("编号"), max_length=20, unique=True, db_comment="编号，如 任26-0012")
    group = models.CharField(_("工作组"), max_length=60, db_comment="工作组代码（tasks/groups）")
    lead = models.ForeignKey(
        "access.Body", on_delete=models.PROTECT, related_name="+", db_comment="牵头单位：布置、批延期、确认完成"
    )
    meeting = models.ForeignKey(
        Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks", db_comment="哪次会议定的"
    )
    content = models.CharField(_("做什么"), max_length=300, db_comment="任务内容")
    owner = models.ForeignKey("access.Body", on_delete=models.PROTECT, related_name="+", db_comment="主办单位")
    due_on = models.DateField(_("哪天完成"), db_comment="哪天完成")
    given_at = models.DateTimeField(_("布置时刻"), db_comment="布置时刻")
    overdue = models.BooleanField(default=False, db_comment="已逾期（由定时器标记）")
    delay_wanted_on = models.DateField(null=True, db_comment="申请延到哪天；空为没有待批的申请")
    status_note = models.CharField(_("进展"), max_length=300, blank=True, db_comment="最近一次报的进展")
    evidence_url = models.URLField(_("佐证的链接"), max_length=300, blank=True, db_comment="佐证的链接")
    evidence = models.CharField(_("佐证说明"), max_length=300, blank=True, db_comment="佐证的说明")
    finished_at = models.DateTimeField(null=True, db_comment="报完成的时刻")
    ended_at = models.DateTimeField(null=True, db_comment="确认完成或取消的时刻")
    grade = models.SmallIntegerField(default=0, db_comment="现在的督办等级；0为没有")

    class Meta:
        db_table_comment = "领导小组和工作组的任务"
        verbose_name = _("任务")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[State.FINISHED, State.DONE]) | ~Q(evidence_url="") | ~Q(evidence=""),
                name="tasks_finished_with_evidence",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNDER_WAY, ended_at__isnull=True)
                | (~Q(state__in=UNDER_WAY) & Q(ended_at__isnull=False)),
                name="tasks_ended_when_it_ended",
            ),
            models.CheckConstraint(condition=Q(grade__range=(0, 9)), name="tasks_grade"),
        ]
        indexes = [
            models.Index(fields=["owner", "due_on"], name="tasks_of_owner"),
            models.Index(fields=["lead", "due_on"], name="tasks_of_lead"),
            models.Index(fields=["due_on", "id"], condition=Q(state__in=UNDER_WAY), name="tasks_under_way"),
        ]

    def __str__(self) -> str:
        """Number and content."""
        return f"{self.number} {self.content}"

    @property
    def subject(self) -> str:
        """Its name in the journal."""
        return f"task:{self.number}"

    @property
    def is_working(self) -> bool:
        """Does the owner still owe something?"""
        return self.state in WORKING

    @property
    def is_overdue(self) -> bool:
        """Is the day over, and the owner not done? Known before the timer has marked it."""
        return self.is_working and self.due_on < clock.today()

    def get_state_display(self) -> str:
        """The state by name, for the sentence that refuses a move."""
        return str(State(self.state).label)

    @property
    def state_words(self) -> str:
        """The state as people say it; overdue outranks what is under way."""
        return str(_("已逾期")) if self.is_overdue else self.get_state_display()

    @property
    def tone(self) -> str:
        """Its colour and shape."""
        tones = {
            State.OPEN: "waiting", State.DOING: "hand", State.DELAYED: "carried", State.FINISHED: "hand",
            State.DONE: "done", State.CANCELLED: "refused",
        }  # fmt: skip
        return "overdue" if self.is_overdue else tones[State(self.state)]


class CoOwner(models.Model):
    """协办单位 — a body that helps the owner with a task."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="co_owners", db_comment="任务")
    body = models.ForeignKey("access.Body", on_delete=models.PROTECT, related_name="+", db_comment="协办单位")

    class Meta:
        db_table_comment = "任务的协办单位"
        constraints = [models.UniqueConstraint(fields=["task", "body"], name="tasks_co_owner_once")]

    def __str__(self) -> str:
        """Which task, which body."""
        return f"{self.task_id} {self.body_id}"


class TaskNote(models.Model):
    """任务说明 — the words said at one move of a task: progress, a reason, evidence. The journal holds their digest."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="notes", db_comment="任务")
    seq = models.IntegerField(db_comment="在日志里的第几条")
    text = models.CharField(max_length=300, db_comment="说的话")

    class Meta:
        db_table_comment = "任务各步骤中说的话"
        constraints = [models.UniqueConstraint(fields=["task", "seq"], name="tasks_one_note_per_entry")]

    def __str__(self) -> str:
        """Which entry."""
        return f"{self.task_id} #{self.seq}"


class Card(models.Model):
    """督办卡 — one grade of supervision on a task: from which level, withdrawn or cleared when."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="cards", db_comment="任务")
    rank = models.SmallIntegerField(db_comment="第几级（tasks/grades 的 rank）")
    rule = models.CharField(max_length=160, db_comment="依据的规则，如 tasks/grades v1 #yellow")
    level = models.SmallIntegerField(db_comment="由哪一级发出")
    office = models.CharField(max_length=160, db_comment="由哪个岗位发出")
    at = models.DateTimeField(db_comment="发出的时刻")
    withdrawn_at = models.DateTimeField(null=True, db_comment="撤销的时刻")
    cleared_at = models.DateTimeField(null=True, db_comment="确认完成、清零的时刻")

    class Meta:
        db_table_comment = "督办卡"
        constraints = [
            models.UniqueConstraint(
                fields=["task", "rank"],
                condition=Q(withdrawn_at__isnull=True, cleared_at__isnull=True),
                name="tasks_one_card_of_a_grade",
            )
        ]

    def __str__(self) -> str:
        """Which task, which grade."""
        return f"{self.task_id} {self.rank}"

    @property
    def stands(self) -> bool:
        """Neither withdrawn nor cleared."""
        return self.withdrawn_at is None and self.cleared_at is None
