"""`linli sms`: whether text messages go out, what became of those of the last days, and where the provider reports."""

import argparse
from datetime import timedelta

from django.conf import settings
from django.db.models import Count

from linli.gateways.sms.models import State, TextMessage
from linli.gateways.sms.web import addresses
from linli.kernel import clock


def arguments(parser: argparse.ArgumentParser) -> None:
    """How far back."""
    parser.add_argument("--days", type=int, default=7, help="how many days back (default: 7)")


def run(args: argparse.Namespace) -> int:
    """1 if no provider is set."""
    since = clock.now() - timedelta(days=args.days)
    counted = (
        TextMessage.objects.filter(due_at__gte=since).values_list("state").annotate(n=Count("pk")).order_by("state")
    )
    for state, n in counted:
        print(f"{State(state).label}  {n}")
    if not settings.SMS_URL:
        print("没有设短信运营商（LINLI_SMS_URL），不发短信，也不请居民选。")
        return 1
    fates, answers = addresses()
    print(f"状态报告地址  {fates}\n上行短信地址  {answers}\n这两个地址就是钥匙，只交给短信运营商。")
    return 0
