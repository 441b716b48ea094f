from django.db import models


class ContactDetails(models.Model):
    """Where a person can be reached by mail; the columns are named as in HUD's ProjectCoC.csv."""

    email = models.EmailField("e-mail", blank=True)
    address1 = models.CharField("address", max_length=100, blank=True)
    address2 = models.CharField("address, line 2", max_length=100, blank=True)
    city = models.CharField(max_length=50, blank=True)
    state = models.CharField(max_length=2, blank=True)
    zip = models.CharField("ZIP code", max_length=10, blank=True)

    class Meta:
        abstract = True

    @property
    def address(self) -> str:
        """The address in one line."""
        region = " ".join(filter(None, [self.state, self.zip]))
        return ", ".join(filter(None, [self.address1, self.address2, self.city, region]))
