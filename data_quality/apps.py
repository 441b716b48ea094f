from django.apps import AppConfig


class DataQualityConfig(AppConfig):
    name = "data_quality"
    verbose_name = "Data Quality"
