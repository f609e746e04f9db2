"""哪里 — what is stored about places: the dated tree, its codes and names, and shapes. Read `Area` first."""

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _


class Level(models.IntegerChoices):
    """The levels every pack shares; which kinds stand on them is the pack's list territory/kinds."""

    CITY = 1, _("市")
    COUNTY = 2, _("县区")
    TOWNSHIP = 3, _("乡镇街道")
    COMMUNITY = 4, _("村居")
    GRID = 5, _("网格")
    BUILDING = 6, _("楼宇")


class Authority(models.TextChoices):
    """Two authorities number the same townships differently: a code means nothing without its authority."""

    NBS = "nbs", _("统计部门")
    MCA = "mca", _("民政部门")


class Numbered(models.Model):
    """A row with a number of its own."""

    id = models.BigAutoField(primary_key=True, db_comment="编号")

    class Meta:
        abstract = True


class Area(Numbered):
    """区划 — one node of the tree, from the city to a building, or a functional zone (功能区) beside it.

    The columns say what holds today, or held on the last day of an area that has ended; how it was called,
    numbered and placed before is in the dated tables. A kind never changes: when a county becomes a city, the
    county ends and a city begins, and a `Succession` joins the two.
    """

    level = models.PositiveSmallIntegerField(
        _("层级"), choices=Level, db_comment="层级：1市 2县区（含功能区）3乡镇街道 4村居 5网格 6楼宇"
    )
    kind = models.CharField(_("类别"), max_length=40, db_comment="类别代码，见城市包清单 territory/kinds")
    name = models.CharField(_("名称"), max_length=120, db_comment="通用名称，如 西关社区")
    full_name = models.CharField(_("全称"), max_length=300, db_comment="从县区起的全称，如 滨城区市中街道西关社区")
    pinyin_key = models.CharField(_("拼音排序键"), max_length=300, db_comment="拼音排序键")
    code = models.CharField(
        _("代码"), max_length=24, db_comment="本平台使用的代码：村居以上为12位统计代码，网格16位，楼宇21位"
    )
    nbs_code = models.CharField(
        _("统计代码"), max_length=12, null=True, blank=True, db_comment="现行统计用区划代码（12位）；空为无"
    )
    mca_code = models.CharField(
        _("民政代码"),
        max_length=12,
        null=True,
        blank=True,
        db_comment="现行民政区划代码；空为无或不详，不得与统计代码混用",
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级"),
        db_comment="现上级区划",
    )
    parent_level = models.PositiveSmallIntegerField(
        _("上级层级"), null=True, blank=True, db_comment="上级的层级，与上级由外键锁定一致"
    )
    functional = models.BooleanField(_("功能区"), default=False, db_comment="是否功能区：覆盖若干区划，但不是其上级")
    holds_level = models.GeneratedField(
        expression=Case(When(functional=False, then=F("level")), default=None),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
        db_comment="可作上级时的层级；功能区为空，故不能作上级",
    )
    path = models.CharField(_("路径"), max_length=200, db_comment="从市到本身的编号路径，如 /1/5/77/")
    illustrative = models.BooleanField(_("示意"), default=False, db_comment="示意：由程序生成，不是真实划分")
    valid_from = models.DateField(_("起"), db_comment="最早见于资料之日（含）")
    valid_to = models.DateField(_("止"), null=True, blank=True, db_comment="资料首次不再列出之日（不含）；空为现存")

    class Meta:
        db_table_comment = "区划：市、县区、乡镇街道、村居、网格、楼宇和功能区"
        verbose_name = _("区划")
        verbose_name_plural = _("区划")
        constraints = [
            models.UniqueConstraint("code", condition=Q(valid_to=None), name="area_code_once"),
            models.UniqueConstraint("nbs_code", condition=Q(valid_to=None), name="area_nbs_code_once"),
            models.UniqueConstraint("mca_code", condition=Q(valid_to=None), name="area_mca_code_once"),
            models.UniqueConstraint("id", "holds_level", name="area_holds_level"),
            models.CheckConstraint(condition=Q(level__range=(1, 6)), name="area_level_known"),
            models.CheckConstraint(
                condition=Q(parent=None, parent_level=None, level=Level.CITY)
                | Q(parent__isnull=False, parent_level__lt=F("level"), level__gt=Level.CITY),
                name="area_parent_is_above",
            ),
            models.CheckConstraint(
                condition=~Q(level=Level.GRID) | Q(parent_level=Level.COMMUNITY),
                name="grid_owned_by_one_village_or_community",
            ),
            models.CheckConstraint(
                condition=~Q(level=Level.BUILDING) | Q(parent_level=Level.GRID), name="building_in_a_grid"
            ),
            models.CheckConstraint(
                condition=Q(functional=False) | Q(level=Level.COUNTY), name="zone_stands_beside_counties"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="area_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(path__startswith="/") & Q(path__endswith="/"), name="area_path_is_closed"
            ),
        ]
        indexes = [
            models.Index(fields=["path"], name="area_path", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["level", "pinyin_key"], name="area_level"),
            models.Index(fields=["name"], name="area_name"),
        ]

    def __str__(self) -> str:
        return self.full_name


class Dated(Numbered):
    """What held from one day (included) to another (not included)."""

    valid_from = models.DateField(_("起"), db_comment="最早见于资料之日（含）")
    valid_to = models.DateField(_("止"), null=True, blank=True, db_comment="资料首次不再列出之日（不含）；空为现行")
    source = models.CharField(_("来源"), max_length=120, db_comment="见于何种资料")

    class Meta:
        abstract = True


class AreaName(Dated):
    """区划名称 — a name as the source wrote it, e.g. 市中街道办事处."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="names", verbose_name=_("区划"), db_comment="区划")
    name = models.CharField(_("名称"), max_length=120, db_comment="资料所载名称，如 西关社区居委会")

    class Meta:
        db_table_comment = "区划名称：按时间"
        verbose_name = _("区划名称")
        verbose_name_plural = _("区划名称")
        constraints = [models.UniqueConstraint("area", "valid_from", name="area_name_one_a_day")]

    def __str__(self) -> str:
        return self.name


class AreaCode(Dated):
    """区划代码 — one authority's code, and the year of its table."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="codes", verbose_name=_("区划"), db_comment="区划")
    authority = models.CharField(
        _("发布部门"), max_length=3, choices=Authority, db_comment="发布部门：nbs 统计，mca 民政"
    )
    code = models.CharField(_("代码"), max_length=12, db_comment="代码；离开发布部门和年份没有意义")
    year = models.PositiveSmallIntegerField(_("年份"), db_comment="首见于哪一年的代码表")

    class Meta:
        db_table_comment = "区划代码：两个部门各自编码，按时间"
        verbose_name = _("区划代码")
        verbose_name_plural = _("区划代码")
        constraints = [
            models.UniqueConstraint("area", "authority", "valid_from", name="area_code_one_a_day"),
            models.UniqueConstraint("authority", "code", condition=Q(valid_to=None), name="area_code_current_once"),
            models.CheckConstraint(condition=Q(authority__in=["nbs", "mca"]), name="area_code_authority_known"),
        ]
        indexes = [models.Index(fields=["authority", "code"], name="area_code_lookup")]

    def __str__(self) -> str:
        return f"{self.authority}:{self.code} ({self.year})"


class AreaParent(Dated):
    """区划隶属 — under which area this one stood."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="parents", verbose_name=_("区划"), db_comment="区划")
    parent = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("上级"), db_comment="当时的上级")

    class Meta:
        db_table_comment = "区划隶属：按时间"
        verbose_name = _("区划隶属")
        verbose_name_plural = _("区划隶属")
        constraints = [models.UniqueConstraint("area", "valid_from", name="area_parent_one_a_day")]

    def __str__(self) -> str:
        return f"{self.area_id} < {self.parent_id}"


class Succession(Numbered):
    """沿革 — what became of an area: it was renamed or numbered anew (old and new are one), or another followed it.

    An area that ended and has no succession has a successor nobody has told us: that is shown, never guessed.
    """

    class Kind(models.TextChoices):
        RENAME = "rename", _("更名")
        RECODE = "recode", _("改码")
        UPGRADE = "upgrade", _("改设")
        MERGE = "merge", _("并入")
        SPLIT = "split", _("拆分")

    old = models.ForeignKey(
        Area, models.PROTECT, related_name="successions", verbose_name=_("原区划"), db_comment="原区划"
    )
    new = models.ForeignKey(
        Area,
        models.PROTECT,
        related_name="predecessions",
        verbose_name=_("后继区划"),
        db_comment="后继区划；更名、改码时与原区划相同",
    )
    kind = models.CharField(
        _("类别"), max_length=8, choices=Kind, db_comment="类别：rename更名 recode改码 upgrade改设 merge并入 split拆分"
    )
    observed_on = models.DateField(_("见于"), db_comment="变化首次见于哪一天的资料；实际日期可能更早")
    before = models.CharField(_("之前"), max_length=140, db_comment="变化之前的名称或代码")
    after = models.CharField(_("之后"), max_length=140, db_comment="变化之后的名称或代码")
    evidence = models.CharField(_("凭据"), max_length=200, db_comment="凭什么认定")

    class Meta:
        db_table_comment = "沿革：更名、改码、改设、并入、拆分"
        verbose_name = _("沿革")
        verbose_name_plural = _("沿革")
        constraints = [
            models.UniqueConstraint("old", "new", "kind", "observed_on", name="succession_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["rename", "recode"], old=F("new"))
                | (Q(kind__in=["upgrade", "merge", "split"]) & ~Q(old=F("new"))),
                name="succession_joins_two_or_changes_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after} ({self.kind}, {self.observed_on})"


class ZoneCoverage(Numbered):
    """功能区覆盖 — an area a functional zone covers, in whole or in part; a zone may overlap several counties."""

    zone = models.ForeignKey(Area, models.CASCADE, related_name="covers", verbose_name=_("功能区"), db_comment="功能区")
    area = models.ForeignKey(
        Area, models.CASCADE, related_name="zones", verbose_name=_("区划"), db_comment="被覆盖的区划"
    )
    whole = models.BooleanField(_("全部"), null=True, db_comment="是否全部覆盖；空为不详")

    class Meta:
        db_table_comment = "功能区覆盖的区划"
        verbose_name = _("功能区覆盖")
        verbose_name_plural = _("功能区覆盖")
        constraints = [
            models.UniqueConstraint("zone", "area", name="zone_covers_once"),
            models.CheckConstraint(condition=~Q(zone=F("area")), name="zone_covers_others"),
        ]

    def __str__(self) -> str:
        return f"{self.zone_id} ⊃ {self.area_id}"


class Grid(models.Model):
    """网格 — what belongs on the card posted at a grid's main places (条例第六条)."""

    class Kind(models.TextChoices):
        COMPREHENSIVE = "comprehensive", _("综合网格")
        SITE = "site", _("专属网格")
        MICRO = "micro", _("微网格")

    area = models.OneToOneField(
        Area, models.CASCADE, primary_key=True, related_name="grid", verbose_name=_("区划"), db_comment="网格的区划"
    )
    kind = models.CharField(
        _("类别"),
        max_length=14,
        choices=Kind,
        default=Kind.COMPREHENSIVE,
        db_comment="类别：comprehensive综合 site专属 micro微",
    )
    households = models.PositiveIntegerField(_("户数"), null=True, blank=True, db_comment="户数；空为不详")
    residents = models.PositiveIntegerField(_("人数"), null=True, blank=True, db_comment="常住人数；空为不详")
    extent = models.CharField(_("范围"), max_length=500, default="", blank=True, db_comment="四至范围文字")
    notice = models.CharField(_("告示"), max_length=1000, default="", blank=True, db_comment="公示牌上的告示")
    supervision_phone = models.CharField(_("监督电话"), max_length=30, default="", blank=True, db_comment="监督电话")

    class Meta:
        db_table_comment = "网格：公示牌所载"
        verbose_name = _("网格")
        verbose_name_plural = _("网格")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["comprehensive", "site", "micro"]), name="grid_kind_known")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.area_id}"


class Coverage(models.Model):
    """覆盖 — whether an area has a Party organisation, premises and services. Null is "not known", never "no"."""

    area = models.OneToOneField(
        Area, models.CASCADE, primary_key=True, related_name="coverage", verbose_name=_("区划"), db_comment="区划"
    )
    has_party_organisation = models.BooleanField(_("党组织"), null=True, db_comment="有无党组织；空为不详")
    has_premises = models.BooleanField(_("阵地"), null=True, db_comment="有无服务场所；空为不详")
    has_service = models.BooleanField(_("服务"), null=True, db_comment="有无便民服务；空为不详")
    noted_on = models.DateField(_("截至"), db_comment="截至何日")

    class Meta:
        db_table_comment = "覆盖：党组织、阵地、服务"
        verbose_name = _("覆盖")
        verbose_name_plural = _("覆盖")

    def __str__(self) -> str:
        return f"{self.area_id} {self.noted_on}"


class Geometry(Numbered):
    """图形 — an area's shape in WGS 84 (CGCS2000 is the same within centimetres). A redrawn area gets a new row."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="geometries", verbose_name=_("区划"), db_comment="区划")
    wkb = models.BinaryField(_("图形"), db_comment="多边形，WKB，WGS84 经纬度")
    west = models.FloatField(_("西"), db_comment="外框西界经度")
    south = models.FloatField(_("南"), db_comment="外框南界纬度")
    east = models.FloatField(_("东"), db_comment="外框东界经度")
    north = models.FloatField(_("北"), db_comment="外框北界纬度")
    label_lon = models.FloatField(_("标注经度"), db_comment="标注点经度（必在图形内）")
    label_lat = models.FloatField(_("标注纬度"), db_comment="标注点纬度（必在图形内）")
    square_metres = models.FloatField(_("面积"), db_comment="面积，平方米")
    version = models.PositiveBigIntegerField(_("版本"), db_comment="写入时的区划版本")
    illustrative = models.BooleanField(_("示意"), default=False, db_comment="示意：由程序生成，不是真实界线")
    source = models.CharField(_("来源"), max_length=120, db_comment="来源")
    replaced_at = models.DateTimeField(_("替换时间"), null=True, blank=True, db_comment="被新图形替换的时间；空为现行")

    class Meta:
        db_table_comment = "图形：区划的多边形"
        verbose_name = _("图形")
        verbose_name_plural = _("图形")
        constraints = [
            models.UniqueConstraint("area", condition=Q(replaced_at=None), name="geometry_current_once"),
            models.CheckConstraint(
                condition=Q(
                    west__gte=-180,
                    east__lte=180,
                    south__gte=-90,
                    north__lte=90,
                    west__lt=F("east"),
                    south__lt=F("north"),
                ),
                name="geometry_box_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} v{self.version}"


class Compound(Numbered):
    """住宅小区 — a residential compound by its name, and the village or community it lies in. No node of the tree."""

    area = models.ForeignKey(
        Area, models.CASCADE, related_name="compounds", verbose_name=_("村居"), db_comment="在哪个村居"
    )
    name = models.CharField(_("名称"), max_length=60, db_comment="小区名称，如 蓝色港湾小区")
    source = models.CharField(_("来源"), max_length=120, db_comment="装入的文件")
    noted_on = models.DateField(_("装入日期"), db_comment="哪天装入")

    class Meta:
        db_table_comment = "住宅小区的名称：居民说得出小区，就找得到村居"
        verbose_name = _("住宅小区")
        verbose_name_plural = _("住宅小区")
        constraints = [models.UniqueConstraint("area", "name", name="compound_once")]

    def __str__(self) -> str:
        return self.name


class TerritoryVersion(models.Model):
    """区划版本 — one row; its number changes with every change of the territory, so that processes know to look again.

    The number comes from a sequence, which no rollback turns back: two different territories never share one.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, db_comment="恒为1")
    version = models.PositiveBigIntegerField(_("版本"), db_comment="区划版本号，每次变化取新号")
    changed_at = models.DateTimeField(_("变化时间"), db_comment="变化时间")
    loaded_digest = models.CharField(
        _("资料摘要"), max_length=64, default="", db_comment="最近一次装入的城市包资料摘要，相同则不重装"
    )

    class Meta:
        db_table_comment = "区划版本：只有一行"
        verbose_name = _("区划版本")
        verbose_name_plural = _("区划版本")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="territory_version_is_one_row")]

    def __str__(self) -> str:
        return str(self.version)
