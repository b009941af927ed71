"""Names of people who do not exist: common surnames, and given names by sex and generation."""

from __future__ import annotations

from datetime import date
from itertools import accumulate
from random import Random

from models.rules.sex import Sex

SURNAMES = {
    "王": 90, "李": 86, "张": 84, "刘": 52, "陈": 38, "杨": 34, "赵": 32, "黄": 18, "周": 20, "吴": 20,
    "徐": 16, "孙": 22, "马": 24, "朱": 18, "胡": 18, "郭": 24, "何": 14, "高": 20, "林": 8, "罗": 8,
    "郑": 14, "梁": 8, "谢": 8, "宋": 16, "唐": 8, "许": 10, "韩": 14, "冯": 12, "邓": 6, "曹": 10,
    "彭": 6, "曾": 8, "肖": 6, "田": 8, "董": 8, "袁": 8, "潘": 5, "于": 6, "蒋": 4, "蔡": 6,
    "余": 4, "杜": 6, "叶": 4, "程": 8, "苏": 6, "魏": 10, "吕": 8, "丁": 6, "任": 6, "沈": 10,
    "姚": 6, "崔": 6, "单": 6, "仇": 5, "解": 5, "查": 4, "区": 3, "覃": 3, "翟": 6, "缪": 3,
    "石": 6, "牛": 5, "禹": 3, "欧阳": 2,
}  # fmt: skip
"""Surnames and how often they come. 单 仇 解 查 曾 区 覃 翟 缪 have readings of their own as surnames."""

_TOGETHER = {
    Sex.FEMALE: (
        (1958, ("秀英", "桂英", "秀兰", "玉兰", "桂兰", "玉英", "凤英", "兰英", "素珍", "桂荣", "秀珍", "花枝")),
        (1972, ("秀荣", "爱英", "玉梅", "春花", "秋菊", "改名", "爱云", "桂芝", "红英", "彩霞", "巧云", "玉枝")),
        (1987, ("丽", "敏", "艳", "红霞", "红梅", "丽娟", "小红", "春霞", "海燕", "俊霞", "艳丽", "玲", "娟")),
        (2001, ("婷婷", "静静", "莹", "晓燕", "丹丹", "雪", "倩倩", "文静", "慧", "梦洁", "亚楠", "晶晶", "园园")),
        (9999, ("欣怡", "梓涵", "一诺", "雨桐", "诗涵", "子萱", "若汐", "佳怡", "梦瑶", "可馨", "语晨", "依诺")),
    ),
    Sex.MALE: (
        (1958, ("建国", "国强", "德福", "富贵", "文明", "保安", "永福", "金山", "长河", "铁山", "根生", "水生")),
        (1972, ("建军", "卫东", "红军", "建设", "志强", "跃进", "国庆", "保国", "新民", "爱国", "卫国", "铁柱")),
        (1987, ("伟", "军", "勇", "海涛", "俊峰", "永强", "国旗", "小军", "志刚", "春雷", "红伟", "超", "华伟")),
        (2001, ("鹏飞", "浩", "帅", "龙飞", "亚飞", "晓东", "明明", "帅帅", "磊", "凯", "鹏", "世豪", "威")),
        (9999, ("浩然", "子轩", "宇航", "梓豪", "一鸣", "俊熙", "博文", "子涵", "奕辰", "嘉豪", "铭泽", "皓轩")),
    ),
}  # fmt: skip
"""Given names, by the last year of birth in which they were given."""

_FIRST = {
    Sex.FEMALE: ("玉桂秀素春凤爱兰", "爱玉秀红改巧春素", "红艳丽春小海亚俊", "晓梦雪静亚文思佳", "子梓若语诗依雨佳"),
    Sex.MALE: ("德永金国长文保福", "建志国保新卫红永", "海永志俊红小春华", "鹏晓世亚明龙文凯", "子宇浩梓博嘉铭奕"),
}
_SECOND = {
    Sex.FEMALE: ("英兰珍荣花芝枝梅", "英梅云芝霞花荣玲", "霞丽梅娟玲燕萍敏", "楠洁燕雅娜婷琪莹", "涵怡萱诺瑶彤晨汐"),
    Sex.MALE: ("福山贵河林安生义", "军强民国东林庆成", "涛峰伟刚强军雷杰", "飞东豪威龙磊鹏阳", "轩豪泽航辰宸熙阳"),
}
_FIXED_SHARE = 0.6
"""So many given names come from the list, which makes namesakes; the others are put together."""

_surnames = tuple(SURNAMES)
_weights = tuple(accumulate(SURNAMES.values()))


def generation(birth: date) -> int:
    """Return the generation of somebody born then: 0 is the oldest."""
    return next(index for index, (until, _) in enumerate(_TOGETHER[Sex.MALE]) if birth.year <= until)


def full_name(rng: Random, sex: Sex, birth: date) -> str:
    """Return a plausible name."""
    surname = rng.choices(_surnames, cum_weights=_weights)[0]
    era = generation(birth)
    if rng.random() < _FIXED_SHARE:
        return surname + rng.choice(_TOGETHER[sex][era][1])
    return surname + rng.choice(_FIRST[sex][era]) + rng.choice(_SECOND[sex][era])
