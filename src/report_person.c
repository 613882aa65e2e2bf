/*
 * report_person.c
 *		Recognises persons by surname and form: 赵某, 李建国, 欧阳女士, 小王, 张XX,
 *		陈主任, 社区管理办钱某. A department's name is not a person (R6).
 */
#include "report_person.h"
#include "report_words.h"

/* Surnames of one character: the Hundred Family Surnames and the commoner ones beyond them, sorted when first used */
static const char surnames[] =
	"赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐"
	"费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝"
	"董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔"
	"吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘斜厉戎祖武符刘"
	"景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀"
	"郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛"
	"阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公仉督岳帅缑亢况有琴商牟佘佴伯赏墨哈谯笪年爱阳佟肖涂覃代付闫尧仝辜展候"
	"楚郤谌呼门郈冒鄢侴亓卓原达敦续撒仵冶呙洛朴母旷晋栗森植漆睦端肇腾苍茂茆萨虢言豆邝邢郇郯隋隽雒颉骞鬲鲜鹿黑麦银锁操庹岐巨展苑岚初宛苟兰丛邸冼阿占修库扎敬迟蔄郄"
	"令海赫斐宾撒忻苌遆粘琚揭藏佀湾迮羌鄞鄯麴睢笃眭芈妫蒿奕弋逢偰";

static const char *const double_surnames[] = {
	"欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "夏侯", "司徒", "南宫", "端木", "宇文", "长孙", "轩辕", "钟离", "闻人", "申屠", "百里", "呼延", "东郭", "公冶", "太史", "独孤", "拓跋", "第五", "澹台", "太叔", "公西", "闾丘", "赫连",
	"公羊", "宗政", "濮阳", "淳于", "单于", "仲孙", "鲜于", "司空", "亓官", "司寇", "子车", "颛孙", "巫马", "漆雕", "乐正", "壤驷", "公良", "夹谷", "宰父",
	"谷梁", "段干", "南门", "羊舌", "微生", "梁丘", "左丘", "东门", "西门", "万俟", "叶赫", "那拉", "完颜", "纳兰", "公输", "公仪", "西陵", "北堂", "即墨"
};

/* Ends of names of departments, and of words that are no names */
static const char org_ends[] = "办科所委队站部局处院会组室厅司社店厂校馆心位门业道员民政关况务理责话式间期项况楼号系级区镇乡村街片";

/* Short names of departments and posts, which a name may follow without a space: 城管樊建华 */
static const char *const departments[] = {
	"城管", "残联", "房管", "市容", "民政", "妇联", "团委", "工会", "司法", "综治", "信访", "社区", "居委", "物业", "街道", "网格", "城运", "党群", "平安", "经济", "营商", "社保", "医保",
	"卫健", "绿化", "水务", "环卫", "养护", "执法", "安监", "消防", "交警", "公安", "主管", "调度", "客服", "值班", "专班", "助老", "养老", "住保", "文明", "宣传", "武装", "双拥", "劳动",
	"人社", "教育", "体育", "文化", "科普", "计生", "管理", "保障", "服务", "发展", "建设", "监督", "市场", "城建", "规划", "环保", "防汛", "应急", "工程", "运维", "维修", "窗口", "接单",
	"经办", "承办", "负责", "助理", "副职", "正职", "条线", "分管", "主办", "协办", "片区", "楼组", "法律", "调解", "协管"
};

/* Forms after a surname that make a person of it */
static const char *const titles[] = {
	"先生", "女士", "小姐", "老师", "同志", "主任", "书记", "队长", "经理", "科长", "所长", "站长", "师傅", "警官", "医生", "部长", "局长", "处长", "组长", "社工", "专员", "民警", "护士长", "护士", "网格员", "调解员", "调度长", "协管员", "教务员", "科员", "办事员", "干部", "班长", "所员", "网格长", "片长", "段长", "河长", "路长", "巡长", "警长", "探长", "法官", "副科", "股长", "台长", "场长", "庭长", "督察", "督导", "督导员", "检查员", "安全员", "保洁员", "养护工", "维修工", "电工", "水工", "木工", "技师", "社工师", "咨询员", "受理员", "接待员", "首问员", "代表", "秘书", "文员", "客服", "客服员", "教练", "教师", "园艺师", "检测员", "测量员", "工程员", "统计员", "协调员", "辅导员", "辅警", "志愿者", "助理", "教务", "馆长", "站员", "村长", "乡长", "镇长", "会计", "出纳", "园长", "校长", "院长", "厂长", "工程师", "监督员", "巡查员", "管理员", "服务员", "联络员", "信息员", "指导员", "楼长", "律师", "大姐", "大哥", "叔", "婶", "总", "阿姨", "干事", "委员", "主管", "店长", "工", "姐", "哥", "某某", "某", "XX", "xx", "x", "*"
};

/* ... of them those that are no office */
static const char *const citizen_titles[] = {"先生", "女士", "小姐", "阿姨"};

/* Words that begin like a name and are none */
static const char *const not_names[] = {
	"管理", "经办", "应急", "平安", "党群", "党政", "安全", "安监", "相关", "有关", "水务", "房管", "城管", "市容", "居委", "居民", "居村", "社区", "社保", "街道", "公安", "公司", "单位", "部门", "民政", "综合", "物业", "司法", "文化", "农业", "卫生", "卫健", "计生", "经济", "国土", "交通", "交警", "车管", "商务", "商户", "店长", "房东", "业主", "查看", "经查", "后续", "于是", "广大", "包括", "通过", "应当", "高度", "时间", "全部", "任何", "何时", "明确", "和谐", "成立", "计划", "平台", "安排", "安置", "解决", "利用", "关于", "关注", "连续", "向其", "从而", "代表", "双方", "路政", "养护", "红线", "文明", "东区", "西区", "信息", "联系", "常态", "无", "干事", "干部", "当班", "主管", "全体", "常务", "班组", "单证", "双拥", "明确", "康复", "宣传", "鲁班", "卫监", "农业", "空缺", "从事", "全程", "全权", "和物", "和居", "后勤", "景观", "查验", "查处", "支部", "党建", "党支", "党总", "党委", "司机", "连锁", "能耗", "路长", "河长", "项目", "解释", "任人", "施工", "班子", "区域", "党员"
};

static TwWordList double_surname_list = TW_WORD_LIST(double_surnames);
static TwWordList department_list = TW_WORD_LIST(departments);
static TwWordList title_list = TW_WORD_LIST(titles);
static TwWordList citizen_title_list = TW_WORD_LIST(citizen_titles);
static TwWordList not_name_list = TW_WORD_LIST(not_names);

static uint32 singles[900];
static int	nsingles = 0;

static int
compare_points(const void *a, const void *b)
{
	uint32		x = *(const uint32 *) a;
	uint32		y = *(const uint32 *) b;

	return x < y ? -1 : x > y;
}

bool
tw_is_surname(uint32 point)
{
	if (nsingles == 0)
	{
		const char *c = surnames;
		const char *end = surnames + strlen(surnames);
		int			count = 0;

		while (c < end && count < (int) lengthof(singles))
			c = tw_decode(c, end, &singles[count++]);
		qsort(singles, count, sizeof(uint32), compare_points);
		nsingles = count;
	}
	return bsearch(&point, singles, nsingles, sizeof(uint32), compare_points) != NULL;
}

/* Marks that stand for a part of a name: 李**, 王○○, 张×× */
bool
tw_hides_name(uint32 point)
{
	return point == 'x' || point == 0x00d7 || tw_among("*○〇□■●△_", point);
}

static int
surname_length(const TwFolded *folded, int32 at, int32 last)
{
	if (tw_word_begins(&double_surname_list, folded, at, last))
		return 2;
	return tw_is_surname(folded->chars[at].point) ? 1 : 0;
}

/* Is the whole stretch a person: surname and given name, title or 某? */
bool
tw_is_person(const TwFolded *folded, int32 first, int32 last)
{
	int			surname;
	int			rest;

	while (first <= last && folded->chars[first].kind == TW_SPACE)
		first++;
	while (last >= first && folded->chars[last].kind == TW_SPACE)
		last--;
	if (last - first + 1 < 2 || last - first + 1 > 8)
		return false;
	/* 小王, 老李 */
	if (last - first == 1 && (folded->chars[first].point == 0x5c0f || folded->chars[first].point == 0x8001))
		return tw_is_surname(folded->chars[last].point);
	/* 侴某: no list of surnames is complete */
	if (folded->chars[last].point == 0x67d0 && last - first <= 2 && folded->chars[first].kind == TW_HAN &&
		folded->chars[first].point != 0x67d0 && (last - first == 1 || folded->chars[last - 1].point == 0x67d0))
		return true;
	surname = surname_length(folded, first, last);
	if (surname == 0)
		return false;
	rest = last - (first + surname) + 1;
	if (rest == 0)
		return false;
	if (tw_word_begins(&not_name_list, folded, first, last))
		return false;
	if (tw_word_fills(&title_list, folded, first + surname, last))
		return true;
	/* 张建国主任, 李某某同志 */
	if (rest > 1 && rest <= 4 &&
		(tw_word_fills(&title_list, folded, first + surname + 1, last) ||
		 tw_word_fills(&title_list, folded, first + surname + 2, last)))
		return true;
	if (rest > 2)
		return false;
	for (int32 i = first + surname; i <= last; i++)
		if (folded->chars[i].kind != TW_HAN && !tw_hides_name(folded->chars[i].point))
			return false;
	return surname > 1 || !tw_among(org_ends, folded->chars[last].point);
}

/* Words that stand where a name should and are none */
static const char *const no_person[] = {
	"待定", "不详", "暂无", "同上", "详见", "见系", "系统", "另行", "保密", "匿名", "人员", "同志", "部门", "单位", "街道", "社区", "居委", "居民", "物业", "公司",
	"中心", "机关", "政府", "值班", "窗口", "科室", "领导", "主任", "书记", "干部", "队长", "经理", "所长", "科长", "站长", "民警", "社工", "专员", "负责", "承办",
	"办公", "联系", "电话", "手机", "座机", "热线", "网格", "片区", "管理", "执法", "城管", "房管", "市容", "绿化", "水务", "环卫", "养护", "工程", "客服", "综合",
	"附件", "录音", "照片", "满意", "回复", "完成", "工作", "全体", "有关", "相关", "上述", "如上", "小区", "平台", "工单", "处置", "处理", "办理", "落实", "具体", "此项", "本人", "我们", "大家", "各方", "暂缺", "空缺", "未定", "未填", "班组", "小组", "专班", "专岗", "轮值", "当班", "值守", "接单", "窗口", "服务", "调度", "指挥", "保洁", "施工", "店铺", "村里", "专人", "专席", "负责", "党群", "营商", "平安", "综治", "信访", "条线", "承包", "委托", "经办", "责任", "班子", "队伍", "勤务", "工会"
};

static TwWordList no_person_list = TW_WORD_LIST(no_person);

/*
 * Behind 责任人: whatever is as long as a name, and neither a department nor
 * a general word, is one, since no list of surnames is complete.
 */
bool
tw_may_be_person(const TwFolded *folded, int32 first, int32 last)
{
	while (first <= last && folded->chars[first].kind == TW_SPACE)
		first++;
	while (last >= first && folded->chars[last].kind == TW_SPACE)
		last--;
	if (last - first + 1 < 2 || last - first + 1 > 4)
		return false;
	for (int32 i = first; i <= last; i++)
	{
		if (folded->chars[i].kind != TW_HAN)
			return false;
		if (tw_word_begins(&no_person_list, folded, i, last))
			return false;
	}
	if (tw_word_begins(&not_name_list, folded, first, last))
		return false;
	/* 不便透露 */
	if (last - first == 3 && !tw_is_surname(folded->chars[first].point))
		return false;
	/* 王所, 陈局: a surname and the first word of a title */
	if (last - first == 1 && tw_is_surname(folded->chars[first].point))
		return !tw_among("办站室会组门岗", folded->chars[last].point);
	/* 王爱民, 李建业 are names; 无, 见附件 are none */
	if (!tw_is_surname(folded->chars[first].point) && tw_among("方台班席线窗柜点长员人者组处", folded->chars[last].point))
		return false;
	return !tw_among("办科所委队站部局处院会组室厅司社店厂校馆门岗", folded->chars[last].point) && !tw_among("无见由请待已未在和及与的", folded->chars[first].point);
}

/* A title, and behind it two or three ideographs to the end: 教务员令清扬 */
bool
tw_is_titled(const TwFolded *folded, int32 first, int32 last)
{
	for (int rest = 2; rest <= 3; rest++)
	{
		int32		start = last - rest + 1;

		if (start - 2 < first || !tw_may_be_person(folded, start, last))
			continue;
		for (int length = 2; length <= 3 && start - length >= first; length++)
			if (tw_word_fills(&title_list, folded, start - length, start - 1))
				return true;
	}
	return false;
}

/* Does the stretch end in an office somebody holds: 社区民警, 片区网格员? */
bool
tw_ends_with_title(const TwFolded *folded, int32 first, int32 last)
{
	for (int length = 2; length <= 3 && last - length + 1 >= first; length++)
		if (tw_word_fills(&title_list, folded, last - length + 1, last))
			return !tw_word_fills(&citizen_title_list, folded, last - 1, last);
	return false;
}

/* Does the stretch end in a person: 社区管理办钱某, 居委会书记李明? */
bool
tw_ends_with_person(const TwFolded *folded, int32 first, int32 last)
{
	for (int length = 2; length <= 5; length++)
	{
		int32		start = last - length + 1;

		if (start < first)
			break;
		if (!tw_is_person(folded, start, last))
			continue;
		/* a name in the midst of a word needs a department or an office before it */
		if (start == first || folded->chars[start - 1].kind != TW_HAN ||
			tw_among(org_ends, folded->chars[start - 1].point) ||
			tw_among("记任长理师员人志警由是为和及", folded->chars[start - 1].point) ||
			folded->chars[last].point == 0x67d0 || tw_hides_name(folded->chars[last].point) ||
			(start - 2 >= first && tw_word_fills(&department_list, folded, start - 2, start - 1)))
			return true;
	}
	return false;
}

/* Does a person begin the stretch, and go on as one does: 糜惠于十月十七日, 王某负责? */
bool
tw_begins_with_person(const TwFolded *folded, int32 first, int32 last)
{
	for (int length = 2; length <= 4 && first + length <= last; length++)
		if (tw_among("于在已与向到对和及负电办即又再全经承随多先均为作同立致会是具", folded->chars[first + length].point) &&
			tw_is_person(folded, first, first + length - 1))
			return true;
	return false;
}
