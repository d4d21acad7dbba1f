"""Person data by the names of columns, in Chinese and English."""

import re
import unicodedata

_ROLES = (
    "当事人|当事方|申请人|被申请人|申诉人|投诉人|被投诉人|举报人|被举报人|反映人|来电人|来访人"
    "|来信人|信访人|上访人|诉求人|报案人|报警人|报告人|联系人|联络人|户主|原告|被告|原告人|被告人"
    "|甲方|乙方|受害人|被害人|嫌疑人|死者|伤者|居民|村民|业主|租户|监护人|代理人|委托人|法定代表人"
    "|调解员|网格员|网格长|经办人|受理人|承办人|登记人|填报人|录入人|上报人|处理人|办理人|责任人"
    "|负责人|包案人|包案领导"
)
_NUMBER = "[0-9一二三四甲乙]*"
_PARTY = (
    "(?:party|person|applicant|complainant|respondent|petitioner|plaintiff|defendant|victim"
    "|suspect|caller|reporter|witness|resident|householder|client|citizen|guardian|mediator)"
)

_ID_NUMBERS = (
    "(身份证件?|公民身份|居民身份|居民证|证件)(号|号码|编号|证号|证号码|信息|)[0-9]*$"
    "|身份证|护照号|社保号|社会保障号|军官证"
    "|^(national|citizen|resident)?id(entity)?card(number|no|num)?[0-9]*$"
    "|^(national|citizen|personal)id(number|no|num)?$|^identity(number|no|num|card)?$"
    "|^idnumber$|passport|^ssn$|socialsecurity|^(sfz|sfzh|sfzhm|zjhm|sfzjh)$"
)
_PHONE_NUMBERS = (
    "(电话|手机|手机号|联系方式|联系号码|联络方式|固话|座机|主叫|主叫号码|来电号码)"
    f"(号|号码|)({_NUMBER})$|^(tele|mobile|cell)?phone(number|no|num)?[0-9]*$|^tel[0-9]*$"
    "|^mobile(number|no|num|tel)?[0-9]*$|(phonenumber|phoneno|mobilephone)"
    "|^(lxdh|lxfs|sjh|sjhm|dhhm|yddh)$"
    f"|^contact(number|no|phone|tel|info|details)$|{_PARTY}s?[0-9]*(phone|tel|mobile)"
)
_HOME_ADDRESSES = (
    "户籍|户口所在|户口地址|住址|家庭地址|居住地|常住地|暂住地|现住|住所|家住|通讯地址|通信地址|联系地址"
    f"|({_ROLES}){_NUMBER}的?(地址|住处|住)|身份证地址"
    "|(home|residen(ce|tial)|mailing|postal|permanent|registered|contact|living)addr(ess)?"
    f"|domicile|hukou|^(hjdz|jtzz|jtdz|xzz)$|{_PARTY}s?[0-9]*addr(ess)?"
)
_ETHNICITY = f"^({_ROLES}|){_NUMBER}民族(成份|成分|名称|代码|)$|ethnic|^(race|minzu)$"
_RELIGION = (
    f"^({_ROLES}|){_NUMBER}宗教(信仰|)$|宗教信仰|^信仰$|^religio(n|usbelief)s?$|religiousbelief"
    "|^faith$"
)
_DATES_OF_BIRTH = (
    "出生(日期|年月|年月日|时间)|^生日$|^(date)?ofbirth$|dateofbirth|birthda(y|te)|^dob$"
)
_ACCOUNTS = (
    "银行(卡|账|帐)号?|微信(号|)$|^qq(号|号码|)$|邮箱|电子邮件|^e?mail(address)?$|bankaccount"
)
_NAMES = (
    f"姓名|^名字$|^姓氏$|^({_ROLES}){_NUMBER}(甲方|乙方|)(名|名字|名称|信息|)$|(当事人|申请人){_NUMBER}名单"
    "|^(full|first|last|sur|given|family|middle|maiden)name[0-9]*$|xingming"
    "|^(xm|lxr|dsr|dsrxm|sqr|sqrxm|tsr|tsrxm)[0-9]*$"
    f"|^{_PARTY}s?[0-9]*(full)?name[0-9]*$|nameofthe{_PARTY}|nameof{_PARTY}"
    "|^contact(s|person|name|personname)?[0-9]*$|^party[0-9]+$|^person[0-9]*$"
    "|^(applicant|complainant|respondent|petitioner|plaintiff|defendant|victim|suspect|caller"
    "|witness|householder|guardian)s?[0-9]*$"
)
_KINDS = {
    "ID numbers": _ID_NUMBERS,
    "phone numbers": _PHONE_NUMBERS,
    "home addresses": _HOME_ADDRESSES,
    "ethnicity": _ETHNICITY,
    "religion": _RELIGION,
    "dates of birth": _DATES_OF_BIRTH,
    "accounts": _ACCOUNTS,
    "names": _NAMES,
}
_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS.items())
_JOINTS = re.compile(r"[\s_\-.,:;/\\|'\"*#()（）\[\]【】{}<>《》·、，：]+")


def normal_header(header: str) -> str:
    """A header without what spellings differ in: width, case, spaces, joints."""
    return _JOINTS.sub("", unicodedata.normalize("NFKC", str(header)).casefold())


def header_kind(header: str) -> str | None:
    """The kind of person data that a column of this name holds, or None.

    Names of events, grid cells, organisations and places are none.
    """
    plain = normal_header(header)
    return next((kind for kind, pattern in _PATTERNS if pattern.search(plain)), None)
