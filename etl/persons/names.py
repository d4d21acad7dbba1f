"""Chinese personal names, by the statistics of surnames and of the characters given names take.

A hundred surnames cover some 85 % of the people, and few hundred characters most of their
given names; hardly any of those is one that names of places end in. What is called a name
here is a guess about one value. A column is judged by the share of its values.
"""

import re

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任"
    "姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎闫薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戚莫孔向汤"
    "温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂"
    "成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫"
    "费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
"""Surnames of one character, commonest first."""

COMMON = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
    "傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎闫薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严"
)
"""The hundred commonest: the only ones believed in running text."""

COMPOUND = ("欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文")
"""Surnames of two characters."""

GIVEN = frozenset(
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红梅辉玲鹏飞斌波宇浩凯健俊帆帅旭宁龙林琳欣雪婷倩颖"
    "慧巧美莉洁燕兰凤云莲真环荣爱妹香月莺媛珊莎锦黛青婉娴瑾露瑶怡婵雁蓓纨仪荷丹蓉眉君琴蕊薇菁梦岚苑婕馨瑗琰"
    "韵融园艺咏卿聪澜纯毓悦昭冰爽琬茗羽希飘育滢馥筠柔竹霭凝晓欢枫芸菲寒伊亚宜可姬舒影荔枝思峰毅俊力保东文"
    "义兴良海仁贵福生元全国胜学祥才发武新利清彬富顺信子昌成康星光天达安岩中茂进有坚和彪博诚先敬震振壮会思"
    "群豪心邦承乐绍功松善厚庆民友裕河哲江翰朗伯宏言若鸣朋斌梁栋维启克伦翔旭鑫泽晨辰士以建家致树炎德行时泰"
    "盛雄琛钧冠策腾楠榕风航弘春夏秋冬菊彩萌莹珍嘉芬芝淑惠珠翠雅然一依诗涵语彤梓萱轩睿铭浩博渊皓昊阳洪"
    "忠孝礼智勤俭恩荣耀辉煌世继绪志立杨柏森坤乾钰铎银锋锐钢铁根柱栓虎彦丰正万千双喜来年旺财小大长存延"
    "改娃换引招桃杏花草宝珺璐琪琦雯妍姝妮娇娥嫣媚凡尔伟伊帅佳佩俐倩健兆先凌凯剑卓博卫华南又叶向君和咏"
    "哲唯国坚城培基堃增士复多如妙子存孟季宁安宏宗宜宝家容宾富寅尚岳岭峥巍巧巨帆平年广庆延廷开弘强彩"
    "心必怀恒恺悦惠意慧懿战才扬承振捷政敏文斌斐新方旭昂明易昕星春昭晋晓晔景晶智暖曙书曼月朋朝本杰"
    "松枫柯栋标桐梅森楚正武毅民永江汉沛沁波泉泓泽洁洲浩海涌淇清渝源溪滨漫潇澄瀚炜炳烈焕然照熙燕爱"
    "牧猛玉玲珂珏珑珩琛瑞瑜璇瑾生用甜由申男留百益盈真睿知硕磊祖祯福禄科秀稳空章竞童端笑笛箫"
    "粉紫红纪纯绍维绮群羽耀聪肖育胜能腾臣自舟良芃芊芮芷苗若英苹范茂茜茹荃莎菁菊菲萧葆蒙蓓蔚蕾薇藏虹融"
)
"""Characters that given names are made of."""

_PLACE_ENDS = frozenset(
    "村庄湾沟坪川河山台堡寺岔滩泉镇乡县市区州路街巷社组桥口堰岭塬峡头门院园城关店营屯窑滩坡坝坎梁嘴掌洼岘崾咀所"
    "家队厂场站矿校局部厅办委会处科司族教类型式法律地"
)
_WORDS = (
    "高兴 安全 文明 和平 安宁 平安 方向 方面 方式 方案 白天 黄金 高龄 高中 高空 高度 高速 "
    "马上 马路 常年 时间 任何 任务 万元 成年 成立 成功 温和 石头 毛病 关系 关于 项目 单位 "
    "单方 和谐 和好 和美 明确 明白 全部 全国 全家 应有 应该 应当 解放 解决 连续 管理 向来 "
    "有关 文化 文书 方才 古城 金钱 沙发 明天 时常 荣誉 华东 华南 江南 江东 于是 于心 康复 "
    "康健 康乐 成长 生育 尚可 项上 田园 林木 金银 石材 江水 兰花 白银 金昌 永昌 安定 武都 "
    "成县 康县 徽县 和政 文县 宁县 华池 华亭 高台 金塔 金川 白云 明光"
)
_NOT_NAMES = frozenset(_WORDS.split())
"""Words and counties that look like names."""

_WHO = (
    "当事人|申请人|被申请人|投诉人|举报人|反映人|来访人|来电人|信访人|上访人|报案人|报警人|联系人|原告|被告"
    "|甲方|乙方|姓名|户主|死者|伤者|居民|村民|业主|租户|调解员|网格员"
)
_TOLD = re.compile(
    f"(?:{_WHO})(?:[一二甲乙0-9]?)([:：]?)[ ]?({'|'.join(COMPOUND)}|[{''.join(sorted(COMMON))}])"
    f"([{''.join(sorted(GIVEN))}]{{1,2}})"
    "(?=$|[^\u4e00-\u9fff]|与|和|因|的|在|诉|称|及|向|跟|同|对|于|到|来|被|将|把|等|家|反映|表示|上|前|说|赶|接|处|组织|协调|主动|已)"
)
_SURNAME, _GIVEN = f"[{''.join(sorted(COMMON))}]", f"[{''.join(sorted(GIVEN))}]"
PAIRS = f"(?:^|[^\u4e00-\u9fff]){_SURNAME}{_GIVEN}{{1,2}}[与和诉、跟同]{_SURNAME}{_GIVEN}{{1,2}}"
"""What a text with two named persons holds at least; for a search over many."""

_PAIR = re.compile(
    f"(?:^|[^\u4e00-\u9fff])({_SURNAME}{_GIVEN}{{1,2}}?)[与和诉、跟同]({_SURNAME}{_GIVEN}{{1,2}}?)"
    "(?=$|[^\u4e00-\u9fff]|因|就|在|之|发生|产生|等|关于|的|系|为|纠纷|冲突|矛盾|争|吵|打|互|债|借|离婚|婚姻|邻里|土地|劳动|合同"
    "|买卖|口角|两|双|均|共|多次|长期)"
)
MENTIONS = f"(?:{_WHO})[一二甲乙0-9]?[:：]?[ ]?(?:{'|'.join(COMPOUND)}|{_SURNAME})"
"""What a text with a named person holds at least; for a search over many."""


_AROUND = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.#/"


def is_name(value: str) -> bool:
    """Whether a value on its own looks like a person's name rather than a place or a word.

    Numbers and letters around it do not matter: 王建国-12.
    """
    plain = value.replace(" ", "").replace("\u3000", "").strip(_AROUND)
    if plain in _NOT_NAMES or not 2 <= len(plain) <= 4:
        return False
    surname = 2 if plain.startswith(COMPOUND) and len(plain) > 2 else 1
    given = plain[surname:]
    if surname == 1 and (plain[0] not in SURNAMES or len(given) > 2):
        return False
    if plain[-1] in _PLACE_ENDS or not 1 <= len(given) <= 2:
        return False
    return all(character in GIVEN for character in given)


def names_somebody(text: str) -> bool:
    """Whether a text calls a party by name ("当事人：…")."""
    for told in _TOLD.finditer(text):
        name = told[2] + told[3]
        if name not in _NOT_NAMES and is_name(name):
            return True
    return False


def names_two(text: str) -> bool:
    """Whether a text sets two persons against each other ("…与…因…")."""
    return any(is_name(pair[1]) and is_name(pair[2]) for pair in _PAIR.finditer(text))
