"""URLs of the user app, relative to /api/v1/."""

from django.urls import path

from apps.user.http.views import avatars, household, notifications, profiles, tastes

app_name = "user"
urlpatterns = [
    path("user/profile", profiles.OwnProfileView.as_view(), name="own-profile"),
    path("user/avatar", avatars.OwnAvatarView.as_view(), name="own-avatar"),
    path("user/avatars/<uuid:avatar_id>", avatars.AvatarView.as_view(), name="avatar"),
    path("user/profiles", profiles.ProfileListView.as_view(), name="profile-list"),
    path("user/profiles/<uuid:profile_id>", profiles.ProfileView.as_view(), name="profile"),
    path("user/parental-controls", household.ParentalControlsView.as_view(), name="parental-controls"),
    path("user/parental-controls/verify-pin", household.PinCheckView.as_view(), name="pin-verify"),
    path("user/subscriptions", household.SubscriptionListView.as_view(), name="subscription-list"),
    path("user/consents", household.ConsentListView.as_view(), name="consent-list"),
    path("user/export", household.ExportListView.as_view(), name="export-list"),
    path("user/export/<uuid:export_id>", household.ExportView.as_view(), name="export"),
    path("user/preferences", tastes.PreferencesView.as_view(), name="preferences"),
    path("user/ratings", tastes.RatingListView.as_view(), name="rating-list"),
    path("user/ratings/<uuid:content_id>", tastes.RatingView.as_view(), name="rating"),
    path("user/notifications", notifications.NotificationListView.as_view(), name="notification-list"),
    path("user/notifications/read", notifications.NotificationReadView.as_view(), name="notification-read"),
    path("user/notifications/<uuid:notification_id>", notifications.NotificationView.as_view(), name="notification"),
]
