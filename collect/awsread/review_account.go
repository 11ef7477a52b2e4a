package awsread

var accountReviews = reviews{
	"GetAlternateContact": {drop: []string{
		"AlternateContact.EmailAddress", "AlternateContact.Name", "AlternateContact.PhoneNumber", "AlternateContact.Title"}},
	"GetContactInformation": {drop: []string{
		"ContactInformation.AddressLine1", "ContactInformation.AddressLine2", "ContactInformation.AddressLine3",
		"ContactInformation.City", "ContactInformation.CompanyName", "ContactInformation.CountryCode",
		"ContactInformation.DistrictOrCounty", "ContactInformation.FullName", "ContactInformation.PhoneNumber",
		"ContactInformation.PostalCode", "ContactInformation.StateOrRegion", "ContactInformation.WebsiteUrl"}},
}
