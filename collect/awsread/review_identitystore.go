package awsread

var identitystoreReviews = reviews{
	"ListGroupMemberships": {},
	"ListGroups": {
		drop: []string{"Group.Description", "Group.ExternalIds"},
		keep: map[string]string{"Group.DisplayName": "the name by which permission sets are assigned to the group"},
	},
	"ListUsers": {drop: []string{"User.Addresses", "User.Birthdate", "User.DisplayName", "User.Emails", "User.Extensions", "User.ExternalIds", "User.Locale", "User.Name", "User.NickName", "User.PhoneNumbers", "User.Photos", "User.PreferredLanguage", "User.ProfileUrl", "User.Roles", "User.Timezone", "User.Title", "User.UserName", "User.UserType", "User.Website"}},
}
