"""A question made plain: one script, one width, no case, no apostrophes."""

from __future__ import annotations

from models.rules.typed import plain

LONGEST = 120
"""Characters of a question that are read."""

_TRADITIONAL = str.maketrans(
    "個幾麼麽們這還沒沒報哪裡裏訪隨檢會聯議開時間點樣況進達齊誰給請說問題數據壓糖控製產後婦預約達標準規範"
    "莊樓劉橋孫灣趙胡廟徐崗郭陳鋪楊集吳閣馬張黃埠鎮鄉東區來寫現總體統計總領導級響應該從歲當號節慶額較對環變"
    "過與長鄭許謝韓馮鄧蕭潘葉蘇盧餘鐘範顧龍萬錢湯黎賴龔龐蔣賈呂寶蘭麗鳳義雙興豐關電話單選擇識別獎勵務記錄歷"
    "盡遲緊為啟動續訊線辦辦車門見視覺親誤課讓費",
    "个几么么们这还没没报哪里里访随检会联议开时间点样况进达齐谁给请说问题数据压糖控制产后妇预约达标准规范"
    "庄楼刘桥孙湾赵胡庙徐岗郭陈铺杨集吴阁马张黄埠镇乡东区来写现总体统计总领导级响应该从岁当号节庆额较对环变"
    "过与长郑许谢韩冯邓萧潘叶苏卢余钟范顾龙万钱汤黎赖龚庞蒋贾吕宝兰丽凤义双兴丰关电话单选择识别奖励务记录历"
    "尽迟紧为启动续讯线办办车门见视觉亲误课让费",
)
_MARKS = str.maketrans(dict.fromkeys('?!;:"“”‘()[]{}<>《》【】~…·*#', " ") | {"'": "", "’": ""})


def tidy(text: str) -> str:
    """Return a question in simplified characters, half width and lower case; marks become blanks."""
    cut = plain(text[:LONGEST]).casefold()[:LONGEST]
    spaced = cut.translate(_TRADITIONAL).translate(_MARKS).replace(",", " ")
    return " ".join(spaced.replace(". ", " ").rstrip(".").split())
