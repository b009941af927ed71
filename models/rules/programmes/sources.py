"""Where the schedules come from."""

from __future__ import annotations

PRIMARY_CARE = "国家基本公共卫生服务规范（第三版，2017）"
"""National standards of basic public health services, third edition."""
ELDERLY_CARE = f"{PRIMARY_CARE} 老年人健康管理"
IMMUNISATION_2026 = "国家免疫规划疫苗儿童免疫程序（2021年版，2025年调整百白破、纳入HPV）；2026年执行"
"""National immunisation schedule: edition of 2021, DTaP and HPV as changed in 2025, in force in 2026."""
CERVICAL = "子宫颈癌筛查工作方案（国卫办妇幼函〔2021〕635号，35–64岁）；加速消除宫颈癌行动计划（2023—2030年）"
"""National scheme of cervical screening."""
HYPERTENSION = f"{PRIMARY_CARE} 高血压患者健康管理；±14天为本镇约定"
DIABETES = f"{PRIMARY_CARE} 2型糖尿病患者健康管理；±14天为本镇约定"
FIRST_BP = f"{PRIMARY_CARE} 高血压筛查：首诊与每年一次"
CHECKUP = "乡镇单月康检制度（每单月固定一日，遇休息日顺延）"
"""The township's own rule: odd months, a fixed day, moved to the next working day."""
INJECTABLES = (
    "WHO Selected Practice Recommendations for Contraceptive Use, 3rd ed. 2016: reinjection windows; "
    "US SPR 2024: no routine visit needed, hence opt-in"
)
ROUTINE_OPTIONAL = "节育技术常规随访（±14天为本镇约定）；US SPR 2024 与 WHO：无需常规随访，故自愿选择"
"""The township's customary visits; international guidance asks for none, hence opt-in."""
STERILISATION = "WHO Selected Practice Recommendations for Contraceptive Use, 3rd ed. 2016: sterilisation"
IMPLANT = "US SPR 2024 与 WHO：植入后无需常规随访，到期取出"
