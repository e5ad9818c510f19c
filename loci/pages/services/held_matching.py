"""Columns of `who should talk to whom` that name a person."""

from django.utils.translation import gettext_lazy as _

from loci.pages.services.kinds import Kind
from matchmaking.models import (
    CheckIn,
    CircleMember,
    Expertise,
    IntroductionNote,
    IntroductionRequest,
    Pin,
    Reply,
    Round,
    Suggestion,
    WeightTable,
)

MATCHING = (
    Kind(
        "expertise",
        _("What you can help with"),
        Expertise,
        "person",
        ("topic", "words", "hours_a_month", "withdrawn_at"),
    ),
    Kind(
        "replies",
        _("Replies to suggestions"),
        Reply,
        "by",
        ("suggestion", "answer", "reason", "words", "at"),
        stays=True,
    ),
    Kind(
        "confirmed",
        _("Replies you confirmed"),
        Reply,
        "confirmed_by",
        ("suggestion", "confirmed_at"),
        stays=True,
    ),
    Kind(
        "notes",
        _("Notes on introductions"),
        IntroductionNote,
        "by",
        ("suggestion", "text", "at"),
        stays=True,
    ),
    Kind(
        "check_ins",
        _("What you said of introductions"),
        CheckIn,
        "by",
        ("suggestion", "outcome", "ending", "evidence", "answered_at"),
        stays=True,
    ),
    Kind(
        "circles",
        _("Answers to circles"),
        CircleMember,
        "by",
        ("circle", "answer", "answered_at"),
        stays=True,
    ),
    Kind(
        "approved",
        _("Suggestions you approved"),
        Suggestion,
        "approved_by",
        ("seeker", "helper", "approved_at"),
        stays=True,
    ),
    Kind(
        "rounds",
        _("Rounds you started"),
        Round,
        "started_by",
        ("created_at",),
        stays=True,
    ),
    Kind(
        "words_on_pairs",
        _("What you settled on pairs"),
        Pin,
        "by",
        ("kind", "seeker", "helper", "created_at"),
        stays=True,
    ),
    Kind("weights", _("Weights you adopted"), WeightTable, "by", ("why",), stays=True),
    Kind(
        "requests",
        _("Introductions you asked for"),
        IntroductionRequest,
        "by",
        ("seeker", "helper", "words", "state", "answer", "created_at"),
        stays=True,
    ),
    Kind(
        "requests_answered",
        _("Requests you answered"),
        IntroductionRequest,
        "answered_by",
        ("seeker", "helper", "state", "answered_at"),
        stays=True,
    ),
)
