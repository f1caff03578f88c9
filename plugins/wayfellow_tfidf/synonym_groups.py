"""Hold the words that mean the same in most organisations; each has its own list in its settings."""

#: The first name of each group is the one that reasons show. Only what means one thing in texts about work is here.
SYNONYM_GROUPS = (
    "AI, artificial intelligence",
    "BI, business intelligence",
    "CI/CD, continuous integration",
    "C#, .NET, dotnet, csharp",
    "C++, cpp",
    "CRM, customer relationship management",
    "DEI, D&I, diversity and inclusion",
    "ERP, enterprise resource planning",
    "HR, human resources",
    "IoT, internet of things",
    "JavaScript, js, ecmascript",
    "KPI, kpis, key performance indicator, key performance indicators",
    "Kubernetes, k8s",
    "machine learning, ml",
    "NGO, non-governmental organisation, non-governmental organization",
    "NLP, natural language processing",
    "PostgreSQL, postgres",
    "QA, quality assurance",
    "R&D, research and development",
    "SEO, search engine optimisation, search engine optimization",
    "TypeScript, ts",
    "UX, user experience",
    "VR, virtual reality",
)
